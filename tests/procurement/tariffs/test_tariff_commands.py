"""`fahui tariffs price` and `check`, as a person types them."""

from pathlib import Path

import msgspec
from click.testing import CliRunner, Result

from procurement.tariffs.cli import tariffs
from procurement.tariffs.service import seed_documents

CASES = Path(__file__).parent / "engine" / "cases.json"


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(tariffs, [str(word) for word in words])


def test_a_suite_is_priced_into_a_file_with_readable_traces(tmp_path: Path) -> None:
    out = tmp_path / "result.json"
    told = run("price", CASES, "--out", out)
    assert told.exit_code == 0, told.output
    suite, answers = msgspec.json.decode(CASES.read_bytes()), msgspec.json.decode(out.read_bytes())
    assert [answer["amount"] for answer in answers["results"]] == [case["expected"] for case in suite["cases"]]
    assert all(step["text"] for answer in answers["results"] for step in answer["trace"])


def test_a_malformed_suite_ends_with_1_names_the_line_and_writes_nothing(tmp_path: Path) -> None:
    suite = msgspec.json.decode(CASES.read_bytes())
    suite["tariffs"]["agfs9"]["lines"][12][7] = "a lot"
    broken, out = tmp_path / "broken.json", tmp_path / "result.json"
    broken.write_bytes(msgspec.json.encode(suite))
    told = run("price", broken, "--out", out)
    assert told.exit_code == 1
    assert "tariffs.agfs9.lines[12]" in told.output
    assert not out.exists()


def test_what_is_not_json_ends_with_1_and_names_the_file(tmp_path: Path) -> None:
    broken = tmp_path / "broken.json"
    broken.write_text("{")
    told = run("price", broken, "--out", tmp_path / "result.json")
    assert told.exit_code == 1
    assert "broken.json" in told.output


def test_the_seed_can_be_published_and_a_faulty_set_cannot(tmp_path: Path) -> None:
    good, bad = tmp_path / "good.json", tmp_path / "bad.json"
    good.write_bytes(seed_documents()[0])
    faulty = msgspec.json.decode(seed_documents()[0])
    faulty["lines"].append({**faulty["lines"][0], "id": "again"})
    bad.write_bytes(msgspec.json.encode(faulty))
    assert run("check", good).exit_code == 0
    told = run("check", bad)
    assert told.exit_code == 1
    assert "again" in told.output


def test_a_set_without_a_family_is_told_so_by_the_name_of_the_field(tmp_path: Path) -> None:
    bad = tmp_path / "bad.yaml"
    for written in ("family:", "family: ''", ""):
        bad.write_text(f"id: small\nregion: '330100'\n{written}\nlines: []\n")
        told = run("check", bad)
        assert told.exit_code == 1
        assert "“family” in the file" in told.output


def test_a_fault_is_told_with_the_line_it_stands_on_in_yaml_too(tmp_path: Path) -> None:
    bad = tmp_path / "bad.yaml"
    line = "- {id: NAME, item: care, unit: day, per_unit: '10'}\n"
    bad.write_text(
        "id: small\nregion: '33'\nfamily: f\nlines:\n" + line.replace("NAME", "a") + line.replace("NAME", "b")
    )
    told = run("check", bad)
    assert told.exit_code == 1
    assert "bad.yaml:6: b" in told.output


def test_a_malformed_suite_names_the_line_of_its_file(tmp_path: Path) -> None:
    suite = msgspec.json.decode(CASES.read_bytes())
    suite["cases"][3]["units"]["day"] = "-1"
    broken = tmp_path / "broken.json"
    broken.write_bytes(msgspec.json.format(msgspec.json.encode(suite), indent=1))
    told = run("price", broken, "--out", tmp_path / "result.json")
    line = int(told.output.split("broken.json:")[1].split(":")[0])
    assert told.exit_code == 1
    assert "cases[3]" in told.output
    assert broken.read_text().splitlines()[line - 1].strip() == "{"


def test_the_schema_is_printed() -> None:
    assert '"TariffSet"' in run("schema").output
