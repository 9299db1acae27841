-- What residents say after a shift: stars with one tap, a short thanks; nobody's account, one browser once a shift.

-- Ten signs of Crockford's alphabet, 50 random bits; the bytes of a version 4 UUID that are not all random are left out.
CREATE FUNCTION new_thanks_code() RETURNS text LANGUAGE sql VOLATILE AS $$
    SELECT string_agg(substr('0123456789ABCDEFGHJKMNPQRSTVWXYZ', 1 + get_byte(drawn.bytes, place) % 32, 1), ''
                      ORDER BY place)
    FROM (SELECT decode(replace(gen_random_uuid()::text, '-', ''), 'hex') AS bytes) AS drawn
    CROSS JOIN unnest('{0,1,2,3,4,9,10,11,12,13}'::integer[]) AS place
$$;
ALTER TABLE assignment ADD COLUMN thanks_code text NOT NULL DEFAULT new_thanks_code()
    CONSTRAINT assignment_thanks_code CHECK (thanks_code ~ '^[0-9A-HJKMNP-TV-Z]{10}$');
CREATE UNIQUE INDEX assignment_thanks_code_once ON assignment (thanks_code);

CREATE TABLE shift_rating (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    assignment_id bigint NOT NULL REFERENCES assignment ON DELETE RESTRICT,
    stars smallint NOT NULL CHECK (stars BETWEEN 1 AND 5),
    browser_sha256 bytea NOT NULL,  -- keyed, and different for each shift: ratings of one browser cannot be joined
    rated_at timestamptz NOT NULL,
    CONSTRAINT shift_rating_once UNIQUE (assignment_id, browser_sha256)
);
CREATE INDEX shift_rating_rated_at ON shift_rating (rated_at);
CALL make_append_only('shift_rating');

CREATE FUNCTION check_rating() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM assignment a WHERE a.id = NEW.assignment_id AND a.status IN ('open', 'closed')
                   AND NEW.rated_at BETWEEN a.starts AND a.ends + interval '7 days'
                   AND EXISTS (SELECT FROM sign_up s WHERE s.assignment_id = a.id
                               AND s.status IN ('confirmed', 'checked_in', 'completed'))) THEN
        RAISE EXCEPTION 'nobody works or has worked on assignment % at that time', NEW.assignment_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'shift_rating_in_time';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER shift_rating_checked AFTER INSERT ON shift_rating FOR EACH ROW EXECUTE FUNCTION check_rating();

-- The words to it. No number of seven digits or more: neither a telephone nor an identity card.
CREATE TABLE shift_thanks (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    public_id uuid NOT NULL UNIQUE DEFAULT gen_random_uuid(),
    rating_id bigint NOT NULL REFERENCES shift_rating ON DELETE RESTRICT,
    words text NOT NULL CHECK (words <> '' AND length(words) <= 100),
    status text NOT NULL DEFAULT 'shown' CHECK (status IN ('shown', 'hidden')),
    said_at timestamptz NOT NULL,
    CONSTRAINT shift_thanks_once UNIQUE (rating_id),
    CONSTRAINT shift_thanks_without_numbers CHECK (
        words !~ '[0-9０-９〇零一二三四五六七八九幺]([ 　.·—-]*[0-9０-９〇零一二三四五六七八九幺]){6,}')
);
CREATE INDEX shift_thanks_said_at ON shift_thanks (said_at, id);

-- The station takes words off the screen, or puts them back, and says why; what was said stays.
CREATE TABLE thanks_moderation (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    thanks_id bigint NOT NULL REFERENCES shift_thanks ON DELETE RESTRICT,
    event text NOT NULL CHECK (event IN ('hide', 'show')),
    reason text NOT NULL CHECK (reason <> '' AND length(reason) <= 200),
    decided_by bigint NOT NULL REFERENCES account ON DELETE RESTRICT,
    decided_at timestamptz NOT NULL
);
CREATE INDEX thanks_moderation_thanks ON thanks_moderation (thanks_id);
CREATE INDEX thanks_moderation_decided_by ON thanks_moderation (decided_by);
CALL make_append_only('thanks_moderation');

CREATE FUNCTION moderate_thanks() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    held record;
BEGIN
    SELECT t.status, r.assignment_id INTO held FROM shift_thanks t JOIN shift_rating r ON r.id = t.rating_id
    WHERE t.id = NEW.thanks_id FOR NO KEY UPDATE OF t;
    IF (held.status, NEW.event) NOT IN (('shown', 'hide'), ('hidden', 'show')) THEN
        RAISE EXCEPTION 'thanks % is % already', NEW.thanks_id, held.status
            USING ERRCODE = 'check_violation', CONSTRAINT = 'thanks_moderation_follows';
    END IF;
    IF EXISTS (SELECT FROM sign_up s JOIN person p ON p.id = s.person_id
               WHERE s.assignment_id = held.assignment_id AND s.live AND p.account_id = NEW.decided_by) THEN
        RAISE EXCEPTION 'nobody decides about the words on their own shift'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'thanks_moderation_second_party';
    END IF;
    UPDATE shift_thanks SET status = CASE NEW.event WHEN 'hide' THEN 'hidden' ELSE 'shown' END
    WHERE id = NEW.thanks_id;
    RETURN NEW;
END $$;
CREATE TRIGGER thanks_are_moderated BEFORE INSERT ON thanks_moderation
    FOR EACH ROW EXECUTE FUNCTION moderate_thanks();

-- Nobody puts words into a resident's mouth: only the triggers, one level deeper, write here.
CREATE FUNCTION refuse_rewritten_thanks() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'thanks % are hidden or shown by a decision with its reason', OLD.id
        USING ERRCODE = 'restrict_violation', CONSTRAINT = 'shift_thanks_are_kept';
END $$;
CREATE TRIGGER shift_thanks_are_kept BEFORE UPDATE ON shift_thanks
    FOR EACH ROW WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION refuse_rewritten_thanks();
CREATE TRIGGER shift_thanks_are_never_deleted BEFORE DELETE ON shift_thanks
    FOR EACH ROW EXECUTE FUNCTION refuse_rewritten_thanks();

-- Who is erased is named in no thanks any more: neither in full, nor by the family name with a title.
CREATE FUNCTION without_name(words text, gone text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN left(gone, 1) ~ '[\u4e00-\u9fff]' THEN regexp_replace(
        replace(words, gone, repeat('＊', length(gone))),
        left(gone, 1) || '(律师|老师|调解员|法官|检察官|公证员|同学|师傅|先生|女士|阿姨|大姐|大哥)', '＊\1', 'g')
    ELSE replace(words, gone, repeat('＊', length(gone))) END
$$;
CREATE FUNCTION forget_name_in_thanks() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE shift_thanks t SET words = without_name(t.words, OLD.name)
    FROM shift_rating r JOIN sign_up s ON s.assignment_id = r.assignment_id
    WHERE r.id = t.rating_id AND s.person_id = NEW.id AND t.words <> without_name(t.words, OLD.name);
    RETURN NULL;
END $$;
CREATE TRIGGER person_name_leaves_thanks AFTER UPDATE OF name ON person
    FOR EACH ROW WHEN (NEW.name = '-' AND length(OLD.name) > 1) EXECUTE FUNCTION forget_name_in_thanks();
