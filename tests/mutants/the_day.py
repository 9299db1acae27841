"""Guards of the day and what surrounds it: reminders, messages, no-shows, findings."""

from tests.mutants.mutant import Mutant

SQL = "volunteers/piccolo_migrations"
REMINDERS = "tests/volunteers/assignments/reminders/test_reminders.py"
NO_SHOWS = "tests/volunteers/attendance/no_shows/test_no_shows.py"
EXCUSES = "tests/volunteers/attendance/no_shows/test_excuses.py"
FINDINGS = "tests/volunteers/attendance/findings/test_findings.py"

THE_DAY = (
    Mutant(
        "one reminder for a moment and a time", f"{SQL}/reminders.sql",
        "UNIQUE (sign_up_id, moment_id, starts)", "UNIQUE (id, sign_up_id, moment_id, starts)",
        f"{REMINDERS}::test_raw_sql_cannot_remind_twice_nor_of_another_time_nor_who_gave_the_seat_back",
    ),
    Mutant(
        "nobody is reminded of a seat given back", f"{SQL}/reminders.sql",
        "WHERE s.status <> 'confirmed' OR", "WHERE",
        f"{REMINDERS}::test_raw_sql_cannot_remind_twice_nor_of_another_time_nor_who_gave_the_seat_back",
    ),
    Mutant(
        "who signs up late is reminded once", "volunteers/assignments/reminders/service.py",
        "ELSE s.created_at END <= m.at", "ELSE s.created_at END <= $1",
        f"{REMINDERS}::test_who_signs_up_late_hears_two_hours_ahead_only_and_who_was_missed_hears_once",
    ),
    Mutant(
        "five messages about a shift and day", f"{SQL}/shift_messages.sql",
        "CHECK (number BETWEEN 1 AND 5)", "CHECK (number > 0)",
        "tests/volunteers/assignments/messages/test_messages.py::test_raw_sql_cannot_write_a_sixth_message_nor_edit_one",
    ),
    Mutant(
        "no seat after no-shows, whoever writes", f"{SQL}/no_shows.sql",
        "CREATE TRIGGER sign_up_after_no_shows BEFORE INSERT", "CREATE TRIGGER sign_up_after_no_shows BEFORE DELETE",
        f"{NO_SHOWS}::test_raw_sql_meets_the_same_refusal_on_every_path",
    ),
    Mutant(
        "a correction lifts what followed from a no-show", f"{SQL}/no_shows.sql",
        "UPDATE no_show n SET corrected = true", "UPDATE no_show n SET corrected = false",
        f"{NO_SHOWS}::test_a_correction_lifts_the_consequence_at_once_and_brings_it_back",
    ),
    Mutant(
        "an accepted excuse lifts it as well", f"{SQL}/no_shows.sql",
        "UPDATE no_show SET excused = true", "UPDATE no_show SET excused = false",
        f"{NO_SHOWS}::test_an_accepted_excuse_lifts_it_and_a_refused_one_does_not",
    ),
    Mutant(
        "somebody else answers an excuse", f"{SQL}/no_shows.sql",
        "WHERE n.id = NEW.no_show_id AND p.account_id = NEW.answered_by", "WHERE n.id = 0",
        f"{EXCUSES}::test_raw_sql_cannot_excuse_late_nor_oneself_nor_answer_twice",
    ),
    Mutant(
        "a finding is found once", f"{SQL}/findings.sql",
        "UNIQUE (kind, subject)", "UNIQUE (id, kind, subject)",
        f"{FINDINGS}::test_raw_sql_cannot_rewrite_a_finding_nor_let_anybody_decide_about_themselves",
    ),
    Mutant(
        "nobody decides a finding about themselves", f"{SQL}/findings.sql",
        "WHERE p.id = NEW.person_id AND p.account_id = NEW.decided_by", "WHERE p.id = 0",
        f"{FINDINGS}::test_raw_sql_cannot_rewrite_a_finding_nor_let_anybody_decide_about_themselves",
    ),
    Mutant(
        "a second party answers a report", f"{SQL}/troubles.sql",
        "AND p.account_id = NEW.answered_by", "AND p.account_id = 0",
        "tests/volunteers/attendance/troubles/test_troubles.py"
        "::test_nobody_answers_their_own_report_nor_rewrites_one_by_raw_sql",
    ),
)  # fmt: skip
