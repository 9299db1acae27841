"""The guards around what if: counted truly, published once, nobody promised who is not asked."""

from tests.mutants.mutant import Mutant

TESTS = "tests/volunteers/dispatch/scenarios"
PUBLISHING = "volunteers/dispatch/scenarios/publishing.py"
QUESTIONS = "volunteers/piccolo_migrations/dispatch_questions.sql"

SCENARIOS = (
    Mutant(
        "an answer is published once",
        PUBLISHING,
        """        if row["run_id"] is not None:
            return
""",
        "",
        f"{TESTS}/test_publishing.py::test_what_was_promised_comes_true_when_everybody_accepts",
    ),
    Mutant(
        "what somebody has seen to meanwhile is left out",
        PUBLISHING,
        "if one.place_id in red and one.starts > clock.now()]",
        "if one.starts > clock.now()]",
        f"{TESTS}/test_publishing.py::test_an_answer_whose_places_are_all_seen_to_is_over",
    ),
    Mutant(
        "an answer ends with its data",
        PUBLISHING,
        """    if not row["input_kept"]:
        raise store.InputIsGone
""",
        "",
        f"{TESTS}/test_publishing.py::test_an_answer_ends_with_its_data_its_week_and_its_places",
    ),
    Mutant(
        "only what would not be made otherwise costs more",
        "volunteers/dispatch/scenarios/service.py",
        "if one.helps and not one.helps_before",
        "if one.helps",
        f"{TESTS}/test_pages.py::test_programs_ask_read_and_publish_and_the_cost_is_that_of_the_tariff",
    ),
    Mutant(
        "the answer of a published question stays",
        "volunteers/piccolo_migrations/dispatch_scenarios.sql",
        "BEFORE UPDATE OR DELETE ON dispatch_scenario",
        "BEFORE DELETE ON dispatch_scenario",
        f"{TESTS}/test_asking.py::test_an_answer_is_kept_and_published_as_a_plan_of_its_week_only",
    ),
    Mutant(
        "a worker that was given up answers no question",
        "volunteers/dispatch/scenarios/questions/service.py",
        "if not await database.execute(_BEAT, question_id, fence, clock.now(), Step.AFTER.value):",
        "if False:",
        f"{TESTS}/test_questions.py::test_a_worker_that_was_given_up_answers_nothing",
    ),
    Mutant(
        "a question stays as it was asked",
        QUESTIONS,
        "'{fence,step,alive_at,finished_at,error,scenario_id}'::text[]\n               IS DISTINCT",
        "'{fence,step,alive_at,finished_at,error,scenario_id,people}'::text[]\n               IS DISTINCT",
        f"{TESTS}/test_questions.py::test_a_question_stays_as_it_was_asked_and_gets_its_own_answer_once",
    ),
    Mutant(
        "a question gets its own answer",
        QUESTIONS,
        "AND s.rule_id = NEW.rule_id",
        "OR s.rule_id = NEW.rule_id",
        f"{TESTS}/test_questions.py::test_a_question_stays_as_it_was_asked_and_gets_its_own_answer_once",
    ),
    Mutant(
        "nobody is sent anywhere by a thought about weights",
        PUBLISHING,
        """        if row["weight"] is not None:
            raise rules.WeightsAreSettings
""",
        "",
        f"{TESTS}/test_questions.py::test_what_if_taking_turns_counted_double_is_shown_and_not_published",
    ),
)
