"""The guards around plans: one in force, published whole or not at all, made from what is so."""

from tests.mutants.mutant import Mutant

RUNS = "volunteers/piccolo_migrations/dispatch_runs.sql"
TESTS = "tests/volunteers/dispatch"
GUARANTEES = f"{TESTS}/test_guarantees.py"
PUBLISHING = "volunteers/dispatch/publishing/service.py"
PUBLISHED = f"{TESTS}/publishing/test_publishing.py"
STANDING = "volunteers/dispatch/input/standing.py"
WEEK = f"{TESTS}/input/test_week.py"
PEOPLE = "volunteers/dispatch/input/people.py"
KEPT_DAYS = f"{TESTS}/input/test_kept_weekdays.py"

PLANNING = (
    Mutant(
        "one plan of a place and week in force",
        RUNS,
        "WITH &&) WHERE (status = 'published')",
        "WITH &&) WHERE (status = '')",
        f"{GUARANTEES}::test_two_plans_of_overlapping_places_are_not_both_in_force",
    ),
    Mutant(
        "what a run was asked for stays",
        RUNS,
        "FOR EACH ROW WHEN ((OLD.place_id,",
        "FOR EACH ROW WHEN (false AND (OLD.place_id,",
        f"{GUARANTEES}::test_what_was_asked_for_and_what_answered_it_stay",
    ),
    Mutant(
        "the plan in force makes way for the one that is published",
        PUBLISHING,
        "    await _supersede(principal, row, others)\n",
        "",
        f"{PUBLISHED}::test_publishing_takes_the_place_of_the_plan_in_force_and_of_older_drafts",
    ),
    Mutant(
        "one whom the database refuses holds nobody else up",
        PUBLISHING,
        "    if len(wishes) == 1:\n        return {}\n",
        "    return {}\n",
        f"{PUBLISHED}::test_one_that_the_database_alone_refuses_is_reported_and_the_others_are_sent",
    ),
    Mutant(
        "a solver ends with its worker",
        "volunteers/dispatch/solver_process.py",
        "            preexec_fn=ending_with(os.getpid()),\n",
        "",
        f"{TESTS}/test_killed.py::test_a_killed_worker_takes_its_solver_along_and_the_next_one_finishes_the_run",
    ),
    Mutant(
        "a worker that was given up writes no log",
        "volunteers/dispatch/solving/log.py",
        "if still and new:",
        "if new:",
        f"{TESTS}/solving/test_record.py::test_a_worker_that_was_given_up_writes_no_log_any_more",
    ),
    Mutant(
        "erasure removes the inputs that hold a person",
        "volunteers/dispatch/input/store.py",
        "people @> ARRAY(SELECT id FROM person WHERE account_id = $1)",
        "people = '{-1}'",
        f"{TESTS}/solving/test_record.py::test_the_erasure_of_one_person_removes_every_input_that_holds_them",
    ),
    Mutant(
        "nobody is sent again to what they gave back",
        STANDING,
        "IN ('own_wish', 'offer_expired', 'substituted', 'swapped')",
        "IN ('')",
        f"{WEEK}::test_nobody_is_sent_again_to_what_they_gave_back_nor_elsewhere_just_then",
    ),
    Mutant(
        "who is busy elsewhere is not sent",
        STANDING,
        "WHERE s.live AND s.person_id = ANY ($1) AND NOT",
        "WHERE false AND s.live AND s.person_id = ANY ($1) AND NOT",
        f"{WEEK}::test_who_is_busy_in_another_district_is_not_sent_here_at_that_time",
    ),
    Mutant(
        "no sign-up makes a week contradictory",
        "volunteers/dispatch/week.py",
        "sound = standing.without_contradictions(instance)",
        "sound = instance",
        f"{WEEK}::test_a_requirement_that_came_later_leaves_its_people_and_the_week_sound",
    ),
    Mutant(
        "a seat that comes free is noted",
        "volunteers/piccolo_migrations/vacancies.sql",
        "AND NEW.ended_reason IN ('own_wish', ",
        "AND NEW.ended_reason IN (",
        f"{TESTS}/vacancies/test_vacancies.py::test_somebody_else_is_planned_at_once_for_a_seat_that_was_given_back",
    ),
    Mutant(
        "what was approved stays as it is",
        "volunteers/piccolo_migrations/dispatch_moves.sql",
        "run_status IN ('solving', 'solved')",
        "run_status IN ('solving', 'solved', 'approved')",
        f"{TESTS}/moves/test_moves.py::test_what_was_approved_stays_as_it_is_whoever_writes",
    ),
    Mutant(
        "a plan is approved before it is published",
        "volunteers/piccolo_migrations/dispatch_approval.sql",
        "OLD.status NOT IN ('approved', 'published')",
        "false",
        f"{TESTS}/moves/test_moves.py::test_what_was_approved_stays_as_it_is_whoever_writes",
    ),
    Mutant(
        "an offer says what its seat says",
        "volunteers/piccolo_migrations/dispatch_offers.sql",
        "IF NEW.status <> (SELECT offer_status_of",
        "IF false AND NEW.status <> (SELECT offer_status_of",
        f"{TESTS}/offers/test_offers.py::test_an_offer_is_of_a_held_seat_agrees_with_it_and_is_answered_once",
    ),
    Mutant(
        "who said no is not asked again as a stand-by",
        "volunteers/dispatch/offers/filling.py",
        "if person not in declined]",
        "]",
        f"{TESTS}/offers/test_offers.py::test_a_no_goes_to_who_stands_by_and_then_to_whom_the_week_fits",
    ),
    Mutant(
        "a lock gives way to what people do themselves",
        "volunteers/dispatch/week.py",
        "locked = fitting(sound, await",
        "locked = tuple(await",
        f"{TESTS}/locks/test_locks.py::test_a_lock_never_contradicts_what_people_do_themselves",
    ),
    Mutant(
        "who is only locked is asked",
        "volunteers/dispatch/results.py",
        " if row not in locked}",
        "}",
        f"{TESTS}/locks/test_locks.py::test_a_locked_shift_keeps_its_people_in_the_next_plan_and_they_are_asked",
    ),
    Mutant(
        "a known way counts instead of the estimate",
        "volunteers/piccolo_migrations/known_ways.sql",
        "THEN 0 ELSE coalesce(known.minutes,",
        "THEN 0 ELSE coalesce(NULL,",
        f"{TESTS}/travel/test_travel.py::test_a_known_way_counts_instead_of_the_estimate_for_everybody",
    ),
    Mutant(
        "a settled plan holds again what the best one held",
        "volunteers/dispatch/engine/neighbourhoods.py",
        "worth_a_look = wanted | lost[problem.pairs.shift]",
        "worth_a_look = wanted",
        f"{TESTS}/engine/test_neighbourhoods.py::"
        "test_a_plan_that_gave_up_a_shift_of_the_best_one_holds_it_again_with_others_moved",
    ),
    Mutant(
        "rivals of a shift are staffed anew with it",
        "volunteers/dispatch/engine/neighbourhoods.py",
        "rivals[problem.pairs.shift[chosen[np.isin(problem.pairs.volunteer[chosen], able)]]] = True",
        "able = rivals",
        f"{TESTS}/engine/test_neighbourhoods.py::"
        "test_rivals_of_a_shift_are_those_that_keep_people_busy_who_could_work_in_it",
    ),
    Mutant(
        "all of the plan before is worth a look",
        "volunteers/dispatch/engine/guide.py",
        "mask[self.relaxation.problem.keeps > 0] = True",
        "pass",
        f"{TESTS}/engine/test_solve.py::test_prices_alone_move_no_more_people_than_they_must_after_cancellations",
    ),
    Mutant(
        "a bound on changes does not let seats go for them",
        "volunteers/dispatch/engine/bounds.py",
        "_SEAT_IN_CHANGES = 5.0",
        "_SEAT_IN_CHANGES = 1.0",
        f"{TESTS}/engine/test_solve.py::test_a_bound_on_changes_counts_those_that_fill_seats",
    ),
    Mutant(
        "the solver keeps to a known way", "volunteers/dispatch/engine/clashes.py",
        "travel = np.where(stated < 0, travel, stated)", "pass",
        f"{TESTS}/engine/test_eligibility.py::test_the_clash_matrix_knows_the_way",
    ),
    Mutant(
        "the nearest place's setting holds",
        "volunteers/dispatch/settings/rules.py",
        "key=lambda one: len(one.place_code)",
        "key=lambda one: -len(one.place_code)",
        f"{TESTS}/settings/test_settings.py::test_the_nearest_place_that_says_anything_about_a_setting_decides_it",
    ),
    Mutant(
        "a yes to all is a yes to what was shown",
        "volunteers/dispatch/offers/answering.py",
        "cards = [card for card in await own_offers(principal) if card.public_id in seen]",
        "cards = await own_offers(principal)",
        f"{TESTS}/offers/test_offer_pages.py::test_what_came_after_the_page_was_shown_waits_for_an_answer_of_its_own",
    ),
    Mutant(
        "one yes that is refused undoes no other",
        "volunteers/dispatch/offers/answering.py",
        "    except REFUSALS as refusal:\n        return NotTaken(card, refusal)\n",
        "    except REFUSALS:\n        raise\n",
        f"{TESTS}/offers/test_offer_pages.py::test_what_cannot_be_taken_any_more_is_named_and_keeps_nobody_from_the_others",
    ),
    Mutant(
        "a move corrects why its people do not fill other seats",
        "volunteers/dispatch/moves/service.py",
        "[*weighed.gaps, *corrected]",
        "weighed.gaps",
        f"{TESTS}/moves/test_moves.py::test_a_move_also_corrects_why_the_people_moved_do_not_fill_other_seats",
    ),
    Mutant(
        "each regular has their own weekday",
        PEOPLE,
        "AND CASE WHEN kept.weekday IS NULL THEN r.weekdays = '{}' ELSE kept.weekday = ANY (r.weekdays) END",
        "",
        f"{KEPT_DAYS}::test_two_regulars_of_one_station_each_have_their_own_day",
    ),
    Mutant(
        "on a kept day who came often is not at home",
        PEOPLE,
        "    WHERE kept_weekday(a.station_id, a.starts) IS NULL\n",
        "",
        f"{KEPT_DAYS}::test_who_came_often_is_at_home_nowhere_where_only_the_kept_day_is_planned",
    ),
    Mutant(
        "on a kept day who serves the town is not at home",
        PEOPLE,
        "if KEPT_DAY not in name",
        "if name",
        f"{KEPT_DAYS}::test_on_a_kept_day_they_alone_are_at_home_whoever_else_knows_the_place",
    ),
    Mutant(
        "a station is one place all day, also on a kept one",
        STANDING,
        "kept_weekday(a.station_id, a.starts) AS kept_weekday",
        "NULL::integer AS kept_weekday",
        f"{KEPT_DAYS}::test_what_has_begun_at_the_station_is_at_the_same_place_as_what_comes_on_the_kept_day",
    ),
)  # fmt: skip
