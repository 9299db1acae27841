-- Writing a product: the template it came from, what its provider is, and the declaration made with each submission.

ALTER TABLE product ADD COLUMN template_code text NOT NULL DEFAULT ''
    CHECK (template_code ~ '^([a-z_]{1,60})?$');
CREATE INDEX product_template ON product (template_code) WHERE template_code <> '';

-- 令102 art. 8: public institutions of the first class and fully funded mass organizations are no providers.
-- '': an application from before this was asked.
ALTER TABLE organization ADD COLUMN funding text NOT NULL DEFAULT ''
    CHECK (funding IN ('', 'neither', 'public_two', 'public_one', 'mass_full'));

-- 令102 art. 10-14: who submits a version declares, by name, that it is not on the negative list.
CREATE TABLE product_declaration (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    product_id bigint NOT NULL,
    product_version integer NOT NULL,
    declared_by bigint NOT NULL REFERENCES account ON DELETE RESTRICT,
    declared_at timestamptz NOT NULL,
    CONSTRAINT product_declared_once UNIQUE (product_id, product_version),
    FOREIGN KEY (product_id, product_version) REFERENCES product_version (product_id, number) ON DELETE RESTRICT
);
CREATE INDEX product_declaration_by ON product_declaration (declared_by);
CALL make_append_only('product_declaration');

CREATE FUNCTION require_declaration() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM product_declaration d
                    WHERE d.product_id = NEW.id AND d.product_version = NEW.latest_version) THEN
        RAISE EXCEPTION 'product %: nobody declared version % to be off the negative list', NEW.id, NEW.latest_version
            USING ERRCODE = 'check_violation', CONSTRAINT = 'product_submission_declared';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER product_submission_declared BEFORE UPDATE OF status, revision ON product FOR EACH ROW
    WHEN (NEW.status = 'submitted' AND OLD.status <> 'submitted'
          OR NEW.revision = 'submitted' AND OLD.revision <> 'submitted')
    EXECUTE FUNCTION require_declaration();
