from __future__ import annotations

import io
import zipfile
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pytest
from openpyxl.chart import BarChart, Reference
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.worksheet.formula import ArrayFormula
from roster_files import LEAST, book, folder, only, problems, saved, with_tables, workbook

from kapteam.io.read import read


def licensed(*expires: Any) -> list[list[Any]]:
    """The licence table with something in the expiry cell."""
    return [
        ["practitioner", "jurisdiction", "profession", "expires"],
        *(["ines", "NY", "physician", e] for e in expires),
    ]


def test_a_workbook_reads_as_the_folder_does(tmp_path: Path) -> None:
    assert read(workbook(tmp_path)) == read(folder(tmp_path / "plain"))


@pytest.mark.parametrize("cell", [date(2026, 12, 7), datetime(2026, 12, 7), "2026-12-07"])
def test_a_date_is_a_real_one_or_iso_text(tmp_path: Path, cell: Any) -> None:
    assert read(workbook(tmp_path, with_tables(licenses=licensed(cell)))).licenses[0].expires == date(2026, 12, 7)


@pytest.mark.parametrize(("cell", "close"), [("12/7/2026", ("2026-12-07", "2026-07-12")), (46363, ("2026-12-07",))])
def test_any_other_date_is_an_error_with_what_is_meant(tmp_path: Path, cell: Any, close: tuple[str, ...]) -> None:
    found = only(workbook(tmp_path, with_tables(licenses=licensed(cell))))
    assert (found.row, found.column, found.value, found.nearest) == (2, "expires", str(cell), close)
    assert found.source == "roster.xlsx, sheet licenses"


def test_a_1904_workbook_has_its_own_real_dates_and_serial_numbers(tmp_path: Path) -> None:
    made = book(with_tables(licenses=licensed(date(2026, 12, 7))))
    made.epoch = CALENDAR_MAC_1904
    assert read(saved(made, tmp_path)).licenses[0].expires == date(2026, 12, 7)
    made = book(with_tables(licenses=licensed(44901, "44901")))
    made.epoch = CALENDAR_MAC_1904
    assert [p.nearest for p in problems(saved(made, tmp_path))] == [("2026-12-07",)] * 2


@pytest.mark.parametrize(
    ("number_format", "start"),
    [
        ("yyyy-mm-dd", date(2026, 12, 7)),
        ("[$-zh-CN]d mmmm yyyy", date(2026, 12, 7)),
        ('d "the" mmm', date(2026, 12, 7)),
        ("yyyy-mm-dd hh:mm", datetime(2026, 12, 7)),
        ("m/d/yy h:mm", datetime(2026, 12, 7)),
    ],
)
def test_an_absence_from_midnight_is_told_from_a_whole_day_by_its_format(
    tmp_path: Path, number_format: str, start: date
) -> None:
    absences = [["practitioner", "start", "end"], ["ana", datetime(2026, 12, 7), date(2026, 12, 24)]]
    made = book(with_tables(absences=absences))
    made["absences"]["B2"].number_format = number_format
    read_start = read(saved(made, tmp_path)).absences[0].start
    assert (read_start, type(read_start)) == (start, type(start))


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        (date(2026, 3, 4), "not a date: format the cell as text"),
        (time(9, 30), "not a time: format the cell as text"),
        (True, "not a yes/no value"),
        (12345678901234567, "keeps 15 digits"),
        (1.5e20, "keeps 15 digits"),
    ],
)
def test_what_excel_made_of_an_id_is_an_error(tmp_path: Path, cell: Any, said: str) -> None:
    found = only(workbook(tmp_path, with_tables(practitioners=[["practitioner"], ["ana"], ["ines"], [cell]])))
    assert (found.row, found.column) == (4, "practitioner")
    assert said in found.expected


def test_an_npi_may_be_a_number_and_one_twice_names_both_rows(tmp_path: Path) -> None:
    people = [["practitioner", "npi"], ["ana", 1234567950], ["ines", 1234567893.0]]
    roster = read(workbook(tmp_path, with_tables(practitioners=people)))
    assert [p.npi for p in roster.practitioners] == ["1234567950", "1234567893"]
    people[2][1] = "1234567950"
    found = only(workbook(tmp_path, with_tables(practitioners=people)))
    assert (found.row, found.also, found.column) == (3, 2, "npi")


def test_leading_zeros_that_a_format_shows_are_read(tmp_path: Path) -> None:
    sites = [
        ["site", "jurisdiction", "supply", "postal_code"],
        ["hudson", "NY", "stock", 2138],
        ["b", "NY", "stock", 21380001],
    ]
    made = book(with_tables(sites=sites))
    made["sites"]["D2"].number_format = "00000"
    made["sites"]["D3"].number_format = r"00000\-0000"
    assert [s.postal_code for s in read(saved(made, tmp_path)).sites] == ["02138", "02138-0001"]


def test_a_postal_code_that_lost_its_leading_zero_is_an_error(tmp_path: Path) -> None:
    sites = [["site", "jurisdiction", "supply", "postal_code"], ["hudson", "NY", "stock", 7042]]
    found = only(workbook(tmp_path, with_tables(sites=sites)))
    assert (found.column, found.nearest) == ("postal_code", ("07042",))
    assert "5 digits as text" in found.expected


def test_merged_cells_are_an_error_where_they_are(tmp_path: Path) -> None:
    made = book()
    made["practitioners"].merge_cells("A2:A3")
    found = problems(saved(made, tmp_path))[0]
    assert (found.table, found.row) == ("practitioners", 2)
    assert "A2:A3 are merged" in found.expected


@pytest.mark.parametrize("formula", ["=A2", ArrayFormula("B2", "=A2")])
def test_a_formula_without_a_stored_value_is_an_error(tmp_path: Path, formula: Any) -> None:
    made = book(with_tables(practitioners=[["practitioner", "name"], ["ana", "x"], ["ines", ""]]))
    made["practitioners"]["B2"] = formula
    found = only(saved(made, tmp_path))
    assert (found.row, found.column, found.value) == (2, "name", "=A2")
    assert "no value stored" in found.expected


def with_xml(path: Path, member: str, old: str, new: str) -> Path:
    """The workbook with another text in one of its parts."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    assert old.encode() in parts[member]
    parts[member] = parts[member].replace(old.encode(), new.encode())
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return path


@pytest.mark.parametrize(
    ("xml", "name"),
    [
        ('<c r="B2" t="str"><f>A2</f><v>Ana</v></c>', "Ana"),
        ('<c r="B2" t="str"><f>A2</f><v></v></c>', None),
        ('<c r="B2"><f>6+1</f><v>7</v></c>', "7"),
        ('<c r="B2" t="inlineStr"><is><t>a_x000D_&#10;b</t></is></c>', "a\nb"),
        ('<c r="B2" t="inlineStr"><is><r><t>An</t></r><r><t>a</t></r></is></c>', "Ana"),
    ],
)
def test_a_cell_is_what_the_spreadsheet_stored(tmp_path: Path, xml: str, name: str | None) -> None:
    path = workbook(tmp_path, with_tables(practitioners=[["practitioner", "name"], ["ana", 12345], ["ines"]]))
    with_xml(path, "xl/worksheets/sheet2.xml", '<c r="B2" t="n"><v>12345</v></c>', xml)
    assert read(path).practitioners[0].name == name


@pytest.mark.parametrize(
    "xml",
    [
        '<c r="B2" t="e"><v>#N/A</v></c>',
        '<c r="B2" t="e"><f>1/0</f><v>#DIV/0!</v></c>',
        '<c r="B2" s="1"><v>99999999999</v></c>',
    ],
)
def test_a_spreadsheet_s_own_error_is_an_error(tmp_path: Path, xml: str) -> None:
    made = book(with_tables(practitioners=[["practitioner", "name"], ["ana", 12345], ["ines", date(2026, 1, 1)]]))
    made["practitioners"]["B3"].value = None
    path = with_xml(saved(made, tmp_path), "xl/worksheets/sheet2.xml", '<c r="B2" t="n"><v>12345</v></c>', xml)
    assert "spreadsheet error" in only(path).expected


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "the file is empty"),
        (b"site,jurisdiction\n", "not an Excel workbook (.xlsx), but a text file"),
        ("site,name\nhudson,Clínica\n".encode(), "not an Excel workbook (.xlsx), but a text file"),
        (b"\x89PNG\x0d\x0a\x1a\x0a\xff\xfe\0", "not an Excel workbook (.xlsx)"),
        (b"PK\x03\x04 broken", "not an Excel workbook (.xlsx), or one that is cut off or damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "has a password or is an old .xls"),
    ],
)
def test_what_is_no_workbook_is_told(tmp_path: Path, data: bytes, said: str) -> None:
    path = tmp_path / "roster.xlsx"
    path.write_bytes(data)
    found = only(path)
    assert (found.source, said in found.expected) == ("roster.xlsx", True)
    assert "zip" not in found.expected


@pytest.mark.parametrize("keep", [0.2, 0.5, 0.9, 0.99])
def test_a_workbook_that_was_cut_off_is_told(tmp_path: Path, keep: float) -> None:
    path = workbook(tmp_path)
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * keep)])
    assert "not an Excel workbook (.xlsx), or one that is cut off or damaged" in only(path).expected


def test_a_workbook_with_broken_parts_is_told(tmp_path: Path) -> None:
    path = with_xml(workbook(tmp_path), "xl/worksheets/sheet1.xml", "<row", "<rov")
    assert "not an Excel workbook (.xlsx), or one that is cut off or damaged" in only(path).expected
    other = io.BytesIO()
    zipfile.ZipFile(other, "w").close()
    path.write_bytes(other.getvalue())
    assert "not an Excel workbook (.xlsx), or one that is cut off or damaged" in only(path).expected


def test_an_unknown_sheet_is_told_with_the_nearest_and_an_empty_one_or_a_note_is_not(tmp_path: Path) -> None:
    made = book()
    for name in ("Sheet1", "_notes", "read me"):
        made.create_sheet(name)
    made["_notes"]["A1"] = made["read me"]["A1"] = "anything"
    assert read(saved(made, tmp_path)) == read(folder(tmp_path / "plain"))
    made.create_sheet("Coverages")["B7"] = "x"
    found = only(saved(made, tmp_path))
    assert (found.value, found.nearest) == ("Coverages", ("coverage",))


def test_a_sheet_that_is_there_twice_is_told(tmp_path: Path) -> None:
    made = book()
    made.create_sheet("sites ").append(["site"])
    assert "stands twice" in only(saved(made, tmp_path)).expected


def test_a_stray_cell_far_away_costs_nothing_and_is_told(tmp_path: Path) -> None:
    made = book()
    made["practitioners"]["XFD1048576"] = "x"
    found = only(saved(made, tmp_path))
    assert (found.row, found.value) == (1_048_576, "x")


def test_a_column_without_a_name_is_told_once_and_a_note_is_not(tmp_path: Path) -> None:
    people = [
        ["practitioner", "_note", None, "name"],
        ["ana", "x", None, ""],
        ["ines", "", "y", ""],
        [None, "z", None, None],
    ]
    made = book(with_tables(practitioners=people))
    found = only(saved(made, tmp_path))
    assert (found.row, found.value, found.expected) == (3, "y", "column C holds cells but has no name")


def test_a_cell_beyond_the_header_is_named_as_the_sheet_names_it(tmp_path: Path) -> None:
    made = book()
    made["licenses"]["J3"] = "call the board"
    found = only(saved(made, tmp_path))
    assert (found.row, found.value) == (3, "call the board")
    assert "the cell J3 stands beyond the last column that has a name" in found.expected
    assert "quotes" not in found.expected


def test_a_title_above_the_header_is_one_error_and_the_rows_are_still_read(tmp_path: Path) -> None:
    rows = [["Our licenses, 2026"], *licensed("soon")]
    made = book(with_tables(licenses=rows))
    found = problems(saved(made, tmp_path))
    assert [(p.row, p.column) for p in found] == [(1, None), (3, "expires")]
    assert "the column names stand in row 2: take away what is above them" in found[0].expected
    made["licenses"].merge_cells("A1:C1")
    assert [(p.row, p.column) for p in problems(saved(made, tmp_path))] == [(1, None), (3, "expires")]


def practice(tmp_path: Path, *rows: list[Any], header: tuple[Any, ...] = ("key", "value")) -> Path:
    return workbook(tmp_path, {**LEAST, "practice": [list(header), *rows]})


def test_a_practice_sheet_says_what_the_file_says(tmp_path: Path) -> None:
    path = practice(
        tmp_path,
        ["protocol.session_minutes", 150],
        ["protocol.solo", "no"],
        ["protocol.draw", "007"],
        ["protocols.group.therapists", "2"],
        ["protocols.same", "{}"],
        ['rules."ethics.trauma_training"', "block"],
        ["thresholds.kap_programmes", '["KAP; one", "B"]'],
        ["thresholds.kap_training_hours", 40.5],
        ["modalities.'parts work'.trauma", True],
        ["protocol.route", None],
        ["weights.time", 200.0],
    )
    read_practice = read(path).practice
    assert (read_practice.protocol.session_minutes, read_practice.protocol.solo) == (150, False)
    assert read_practice.protocol.draw == "007"
    assert read_practice.named("group").therapists == 2
    assert read_practice.named("same") == read_practice.protocol
    assert read_practice.rules == {"ethics.trauma_training": "block"}
    assert read_practice.thresholds.kap_programmes == ("KAP; one", "B")
    assert read_practice.modalities == {"parts work": {"trauma": True}}
    assert read_practice.weights["time"] == 200


@pytest.mark.parametrize(
    ("rows", "row", "column"),
    [
        ([["protocol.therapists", "many"]], 2, "protocol.therapists"),
        ([["protocol.draw", "x"], ["protocol.therapist", 2]], 3, "protocol.therapist"),
        ([["rules.'ethics.trauma_training'", "blok"]], 2, "rules.ethics.trauma_training"),
        ([[None, 3]], 2, "key"),
        ([["protocol therapists", 3]], 2, "key"),
        ([["protocol.therapists = 3 #", 2]], 2, "key"),
        ([["protocol.therapists = 3\nprotocol.monitors", 2]], 2, "key"),
        ([["protocol.therapists", 2], ["protocol.therapists", 2]], 3, "key"),
        ([["protocol", 2], ["protocol.therapists", 2]], 3, "key"),
        ([["protocol.therapists", "=1+1"]], 2, "protocol.therapists"),
    ],
)
def test_a_mistake_in_a_practice_sheet_is_told_at_its_row(
    tmp_path: Path, rows: list[list[Any]], row: int, column: str
) -> None:
    found = problems(practice(tmp_path, *rows))[0]
    assert (found.table, found.source) == ("practice", "roster.xlsx, sheet practice")
    assert (found.row, found.column) == (row, column)


def test_a_name_or_a_rule_without_quotes_is_answered_with_them(tmp_path: Path) -> None:
    found = only(practice(tmp_path, ["carriers.Lone Star Mutual.ketamine", "yes"]))
    assert (found.row, found.nearest) == (2, ('carriers."Lone Star Mutual".ketamine',))
    assert "quotes around a name" in found.expected
    found = only(practice(tmp_path, ["protocol.therapists", 2], ["rules.ethics.trauma_training", "block"]))
    assert (found.row, found.value) == (3, "rules.ethics.trauma_training")
    assert found.expected == "write the rule's id in quotes"
    other = only(practice(tmp_path, ["ethics.trauma_training", "block"]))
    assert (other.row, "the rule's id in quotes" in other.expected) == (2, True)
    assert found.nearest == ('rules."ethics.trauma_training"',)


@pytest.mark.parametrize("header", [("key",), ("key", "val"), ("name", "key", "value"), ("Key", "Value")])
def test_a_practice_sheet_has_two_columns(tmp_path: Path, header: tuple[str, ...]) -> None:
    assert problems(practice(tmp_path, ["protocol.draw", "x"], header=header))[0].row == 1


def test_a_practice_sheet_may_have_notes(tmp_path: Path) -> None:
    path = practice(tmp_path, ["mine", 2, "protocol.therapists"], header=("_note", "value", "key"))
    assert read(path).practice.protocol.therapists == 2


def test_a_chart_is_no_table(tmp_path: Path) -> None:
    made = book()
    chart = BarChart()
    chart.add_data(Reference(made["hours"], min_col=1, min_row=1, max_row=2))
    made.create_chartsheet("a chart").add_chart(chart)
    assert read(saved(made, tmp_path)) == read(folder(tmp_path / "plain"))
