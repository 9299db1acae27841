-- A reference has six digits, and as many as its number needs after 999,999: lpad alone would cut the seventh off.
CREATE FUNCTION written_reference(kind text, of_year integer, number bigint) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT format('%s-%s-%s', upper(kind), of_year, lpad(number::text, greatest(6, length(number::text)), '0'))
$$;

CREATE OR REPLACE FUNCTION next_reference(kind text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    RETURN written_reference(kind, extract(year FROM now() AT TIME ZONE 'Asia/Shanghai')::integer,
                             nextval(('reference_' || lower(kind))::regclass));
END $$;
