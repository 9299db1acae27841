-- A sign-up is planned once. Everything in its transaction looks rows up by their keys, so a plan that fits any values is as
-- good as one made for these; making one anew for each sign-up cost more than running it. The setting ends with the transaction.
CREATE OR REPLACE FUNCTION lock_seat_then_person(wanted_position bigint, of_account bigint)
RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    found_person bigint;
BEGIN
    PERFORM set_config('plan_cache_mode', 'force_generic_plan', true);
    PERFORM FROM position WHERE id = wanted_position FOR NO KEY UPDATE;
    SELECT id INTO found_person FROM person WHERE account_id = of_account FOR NO KEY UPDATE;
    RETURN found_person;
END $$;
