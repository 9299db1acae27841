-- A batch's number grows beyond six digits as every reference does.
CREATE OR REPLACE FUNCTION next_batch_reference() RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    this_year integer := extract(year FROM now() AT TIME ZONE 'Asia/Shanghai');
    number bigint;
BEGIN
    INSERT INTO settlement_number AS taken (year, last) VALUES (this_year, 1)
    ON CONFLICT (year) DO UPDATE SET last = taken.last + 1 RETURNING last INTO number;
    RETURN written_reference('js', this_year, number);
END $$;
