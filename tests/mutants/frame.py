"""Guards of the frame: storage, accounts, routes, append-only tables."""

from tests.mutants.mutant import Mutant

CORE = "app/core/piccolo_migrations/core_functions.sql"
DATABASE = "app/core/database.py"
KEYS = "tests/app/core/test_vault.py"
LEDGER = "tests/procurement/ledger/test_ledger.py"
LENDING = "tests/test_lending.py"
TRAPS = "tests/app/core/test_database.py"
RULEBOOK = "tests/app/rulebook/test_rulebook.py"
SECOND_FACTOR = "tests/app/accounts/test_second_factor.py"

FRAME = (
    Mutant(
        "a confirmed figure of the law is never rewritten", "app/core/piccolo_migrations/rule_proposals.sql",
        "to_jsonb(OLD) - 'effective_to' IS DISTINCT FROM to_jsonb(NEW) - 'effective_to'", "false",
        f"{RULEBOOK}::test_raw_sql_neither_rewrites_a_confirmed_figure_nor_decides_alone_nor_loses_one",
    ),
    Mutant(
        "two people replace a figure of the law", "app/core/piccolo_migrations/rule_proposals.sql",
        "law_rule_proposal_second_person CHECK (decided_by <> proposed_by)",
        "law_rule_proposal_second_person CHECK (decided_by > 0)",
        f"{RULEBOOK}::test_raw_sql_neither_rewrites_a_confirmed_figure_nor_decides_alone_nor_loses_one",
    ),
    Mutant(
        "a reference keeps its seventh digit", "app/core/piccolo_migrations/long_references.sql",
        "greatest(6, length(number::text))", "6",
        "tests/app/core/test_references.py::test_no_reference_of_any_kind_loses_a_digit_after_the_last_of_six",
    ),
    Mutant(
        "append-only tables", CORE,
        "CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON %s", "CREATE TRIGGER append_only BEFORE DELETE ON %s",
        f"{LEDGER}::test_what_is_booked_is_never_changed",
    ),
    Mutant(
        "nested transactions are refused", DATABASE,
        "allow_nested=False", "allow_nested=True",
        f"{TRAPS}::test_a_nested_transaction_is_refused_instead_of_silently_joining",
    ),
    Mutant(
        "a failed commit gives its connection back", DATABASE,
        "            unit._rolled_back = True\n", "",
        f"{TRAPS}::test_a_failed_commit_gives_its_connection_back",
    ),
    Mutant(
        "a task does not borrow a connection", DATABASE,
        "        raise BorrowedConnection(", "        BorrowedConnection(",
        f"{TRAPS}::test_a_task_started_inside_a_transaction_cannot_borrow_its_connection",
    ),
    Mutant(
        "an officer without the second factor has no office", "app/accounts/principals.py",
        "        grants = without_officer_roles(grants)\n", "        grants = tuple(grants)\n",
        "tests/app/accounts/test_sessions.py::test_an_officer_without_the_second_factor_has_only_what_everybody_may",
    ),
    Mutant(
        "a one-time password counts once", "app/accounts/second_factor.py",
        '        await database.update_row("account", principal.actor, {"totp_last_step": step})\n', "",
        f"{SECOND_FACTOR}::test_a_one_time_password_is_refused_the_second_time",
    ),
    Mutant(
        "a route asks for its permission", "app/web/guards.py",
        "        raise NotPermitted if principal.signed_in else NotSignedIn\n\n    return _declare",
        "        return\n\n    return _declare",
        "tests/architecture/test_routes.py::test_a_role_is_let_in_just_where_it_may",
    ),
    Mutant(
        "the first keys appear whole", "app/core/vault.py",
        'draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")', "draft = path",
        f"{KEYS}::test_the_key_file_appears_with_its_content",
    ),
    Mutant(
        "the first keys are not replaced", "app/core/vault.py",
        "path.hardlink_to(draft)", "path.write_text(draft.read_text())",
        f"{KEYS}::test_the_first_keys_stay_and_nothing_lies_beside_them",
    ),
    Mutant(
        "a borrowed database gives back rows", "tests/lending.py",
        "            self._fill(table)\n", "            pass\n",
        f"{LENDING}::test_what_was_done_is_gone",
    ),
    Mutant(
        "a borrowed database gives back ids", "tests/lending.py",
        "                self._set_sequence(sequence)\n", "                pass\n",
        f"{LENDING}::test_ids_begin_again_though_what_took_them_was_rolled_back",
    ),
    Mutant(
        "a borrowed database with another schema is thrown away", "tests/lending.py",
        "table not in before or now[table].system for", "table not in before for",
        f"{LENDING}::test_a_database_whose_schema_was_altered_is_thrown_away",
    ),
    Mutant(
        "nobody stays in a borrowed database", "tests/lending.py",
        "SELECT pg_terminate_backend(pid) FROM", "SELECT pid FROM",
        f"{LENDING}::test_a_session_left_behind_is_ended_and_its_work_undone",
    ),
    Mutant(
        "a port is given to one test", "tests/ports.py",
        '            claim.bind(f"\\0fahui-test-port-{port}")\n', "",
        "tests/test_ports.py::test_processes_that_take_ports_at_once_get_different_ones_though_nobody_listens_yet",
    ),
)  # fmt: skip
