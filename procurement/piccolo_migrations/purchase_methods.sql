-- Beside the call-off: three quotations below the threshold, and tenders that the provincial platform runs. Their
-- supplier, product version and price are found on the way; a call-off takes them from its admission.

ALTER TABLE purchase
    DROP CONSTRAINT purchase_method_check,
    DROP CONSTRAINT purchase_status_check,
    DROP CONSTRAINT purchase_approved_before_order,
    ALTER COLUMN admission_id DROP NOT NULL,
    ADD COLUMN organization_id bigint REFERENCES organization ON DELETE RESTRICT,
    ADD COLUMN product_id bigint,
    ADD COLUMN product_version integer;

UPDATE purchase SET organization_id = a.organization_id, product_id = a.product_id, product_version = a.product_version
FROM admission a WHERE a.id = purchase.admission_id;

ALTER TABLE admission ADD CONSTRAINT admission_offers UNIQUE (id, organization_id, product_id, product_version);
ALTER TABLE purchase
    ADD CONSTRAINT purchase_method_check CHECK (method IN ('call_off', 'quotation', 'tender')),
    ADD CONSTRAINT purchase_status_check CHECK (status IN (
        'intent', 'reserved', 'quotations_sealed', 'opened', 'compared', 'requirement_reviewed', 'plan_filed',
        'method_set', 'noticed', 'sealed', 'evaluated', 'awarded', 'result_published', 'approved', 'ordered',
        'contracted', 'contract_published', 'delivering', 'accepted', 'paid', 'rated', 'closed', 'refused',
        'cancelled', 'terminated')),
    ADD CONSTRAINT purchase_approved_before_order CHECK (approved_by IS NOT NULL OR status IN (
        'intent', 'reserved', 'quotations_sealed', 'opened', 'compared', 'requirement_reviewed', 'plan_filed',
        'method_set', 'noticed', 'sealed', 'evaluated', 'refused', 'cancelled', 'terminated')),
    ADD CONSTRAINT purchase_of_admission CHECK ((method = 'call_off') = (admission_id IS NOT NULL)),
    ADD CONSTRAINT purchase_as_admitted FOREIGN KEY (admission_id, organization_id, product_id, product_version)
        REFERENCES admission (id, organization_id, product_id, product_version) ON DELETE RESTRICT,
    ADD CONSTRAINT purchase_of_listed_version FOREIGN KEY (product_id, product_version)
        REFERENCES product_version (product_id, number) ON DELETE RESTRICT,
    ADD CONSTRAINT purchase_supplier_whole CHECK (num_nulls(organization_id, product_id, product_version) IN (0, 3)),
    ADD CONSTRAINT purchase_has_supplier CHECK (organization_id IS NOT NULL OR method <> 'call_off' AND status IN (
        'intent', 'reserved', 'quotations_sealed', 'opened', 'requirement_reviewed', 'plan_filed', 'method_set',
        'noticed', 'sealed', 'evaluated', 'refused', 'cancelled', 'terminated'));
CREATE INDEX purchase_organization ON purchase (organization_id) WHERE organization_id IS NOT NULL;
CREATE INDEX purchase_product ON purchase (product_id, product_version) WHERE product_id IS NOT NULL;
