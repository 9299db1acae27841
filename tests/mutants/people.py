"""The guards around people: licences, exceptions, trainings, belonging."""

from tests.mutants.mutant import Mutant

LICENCES = "volunteers/piccolo_migrations/licences.sql"
EXCEPTIONS = "volunteers/piccolo_migrations/exceptions.sql"
TRAININGS = "volunteers/piccolo_migrations/trainings.sql"
PICTURES = "tests/volunteers/people/credentials/test_pictures.py"
SAID = "tests/volunteers/people/exceptions/test_exceptions.py"
GATE = "tests/volunteers/people/trainings/test_gate.py"
AFFILIATIONS = "volunteers/piccolo_migrations/affiliations.sql"
BELONGING = "tests/volunteers/people/affiliations/test_affiliations.py"
HOSTING = "volunteers/piccolo_migrations/hosting.sql"
HOSTED = "tests/volunteers/hosting/test_hosting.py"

PEOPLE = (
    Mutant(
        "who reads the picture of a licence", "volunteers/people/credentials/files.py",
        'and principal.scope(permission).covers_place(row["code"])', "",
        f"{PICTURES}::test_the_holder_and_the_officer_of_their_place_read_the_picture_and_nobody_else",
    ),
    Mutant(
        "a picture of a licence lies sealed", "volunteers/people/credentials/files.py",
        "await keep(upload.name, upload.content, await vault.subject_key(key_id))",
        "await keep(upload.name, upload.content)",
        f"{PICTURES}::test_a_picture_lies_sealed_and_is_unreadable_once_its_holder_was_erased",
    ),
    Mutant(
        "a verdict says what it rests on", LICENCES,
        "CHECK ((verified_ground = '') = (verified_at IS NULL))", "CHECK (true)",
        f"{PICTURES}::test_the_holder_sees_who_verified_when_and_on_what_grounds",
    ),
    Mutant(
        "a renewed number stays its holder's", LICENCES,
        "UPDATE credential SET renews_id = NEW.renews_id WHERE", "UPDATE credential SET renews_id = renews_id WHERE",
        f"{PICTURES}::test_a_number_stays_its_holders_while_any_link_of_its_chain_stands",
    ),
    Mutant(
        "a reminder goes out once", "volunteers/people/credentials/expiry/service.py",
        "        new = await database.fetch(_ONCE, list(rows), reminders, now)\n",
        '        new = [{"credential_id": one} for one, due_now in zip(rows, reminders, strict=True) if due_now]\n',
        f"{PICTURES}::test_a_holder_is_told_60_30_and_7_days_before_and_each_time_once",
    ),
    Mutant(
        "one exception at a time", EXCEPTIONS,
        "int8range(person_id, person_id, '[]') WITH &&", "int8range(id, id, '[]') WITH &&",
        f"{SAID}::test_nothing_is_said_twice_about_the_same_time",
    ),
    Mutant(
        "the plan uses no day away", "volunteers/dispatch/input/people.py",
        "[*away, *resting]", "[*resting]",
        f"{SAID}::test_the_plan_uses_no_day_away_and_every_extra_stretch",
    ),
    Mutant(
        "nobody away is called", "volunteers/assignments/call_outs/people.py",
        '  AND NOT {conditions.is_away("person.id", "w.starts", "w.ends")}\n', "",
        f"{SAID}::test_nobody_away_is_called_though_they_stand_by",
    ),
    Mutant(
        "no seat without the training it asks for", TRAININGS,
        "PERFORM refuse_unfit_sign_ups(ids), refuse_untrained_sign_ups(ids);",
        "PERFORM refuse_unfit_sign_ups(ids);",
        f"{GATE}::test_without_it_every_path_to_the_seat_is_closed",
    ),
    Mutant(
        "nobody records their own training", TRAININGS,
        "account_id = NEW.recorded_by", "account_id = -1",
        "tests/volunteers/people/trainings/test_trainings.py::test_nobody_records_or_takes_back_their_own_training",
    ),
    Mutant(
        "the plan knows who is trained", "volunteers/dispatch/trained.py",
        "for reference in wanted[position.id]", "for reference in ()",
        f"{GATE}::test_the_list_and_the_plan_leave_out_who_lacks_it",
    ),
    Mutant(
        "a training taken back opens cover", "volunteers/assignments/sign_ups/jobs.py",
        " + await release_untrained(system)", "",
        f"{GATE}::test_a_training_taken_back_gives_the_seat_to_others_and_says_why",
    ),
    Mutant(
        "nobody confirms their own affiliation", AFFILIATIONS,
        "account_id = NEW.answered_by", "account_id = -1",
        f"{BELONGING}::test_a_member_who_is_a_volunteer_too_is_confirmed_by_a_colleague",
    ),
    Mutant(
        "one organization at a time", AFFILIATIONS,
        "CREATE UNIQUE INDEX affiliation_one_at_a_time", "CREATE INDEX affiliation_one_at_a_time",
        f"{BELONGING}::test_one_organization_at_a_time_even_when_asked_at_once",
    ),
    Mutant(
        "a host acts only with consent", HOSTING,
        "WHERE c.person_id = of_person AND c.revoked_at IS NULL)", "WHERE c.revoked_at IS NULL)",
        f"{HOSTED}::test_the_database_refuses_what_no_consent_covers_and_what_is_not_recorded",
    ),
    Mutant(
        "each act of a host is recorded", HOSTING,
        "CREATE CONSTRAINT TRIGGER sign_up_host_act AFTER INSERT ON sign_up DEFERRABLE INITIALLY DEFERRED\n"
        "    FOR EACH ROW WHEN (NEW.origin = 'host')",
        "CREATE CONSTRAINT TRIGGER sign_up_host_act AFTER INSERT ON sign_up DEFERRABLE INITIALLY DEFERRED\n"
        "    FOR EACH ROW WHEN (NEW.origin = 'nobody')",
        f"{HOSTED}::test_the_database_refuses_what_no_consent_covers_and_what_is_not_recorded",
    ),
)  # fmt: skip
