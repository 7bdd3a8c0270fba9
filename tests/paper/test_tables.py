from tests.paper.reading import body, read
from training_hub.paper.document import document
from training_hub.paper.tables import Cell, figure_table, signing_table

HEAD = ["Course", "Booked", "Completed"]


def test_a_table_prints_its_head_rows_and_total() -> None:
    table = figure_table(HEAD, [["Neglect <1>", 1079, 0], ["LADO", 93, None]], ["Total", 1172, 0])
    pdf = document("Report", partnership="Anytown Partnership", story=[table])
    assert body(pdf) == [
        *HEAD,
        *("Neglect <1>", "1,079", "0"),
        *("LADO", "93", "–"),
        *("Total", "1,172", "0"),
    ]


def test_figures_align_right_and_words_left() -> None:
    places: dict[str, float] = {}

    def note(text: str, _: object, matrix: list[float], *__: object) -> None:
        if text.strip():
            places[text.strip()] = round(matrix[4], 1)

    table = figure_table(HEAD, [["Neglect", 7, 22], ["LADO", 1007, 4]])
    read(document("Report", partnership="P", story=[table])).pages[0].extract_text(visitor_text=note)
    digit, comma = 497 * 9.5 / 1000, 249 * 9.5 / 1000
    assert (
        places["LADO"] - places["Neglect"],
        round(places["7"] - places["1,007"] - 3 * digit - comma),
        round(places["4"] - digit - places["22"]),
    ) == (0, 0, 0)


def test_head_repeats_on_every_page_and_total_comes_once() -> None:
    rows: list[list[Cell]] = [[f"Course {number}", number, number] for number in range(60)]
    table = figure_table(HEAD, rows, ["Total", 1770, 1770])
    pdf = document("Report", partnership="Anytown Partnership", story=[table])
    pages = [body(pdf, page) for page in range(len(read(pdf).pages))]
    assert ([page[:3] for page in pages], sum(page.count("Total") for page in pages)) == ([HEAD] * 2, 1)


def test_a_total_is_never_alone_on_a_page() -> None:
    last = []
    for count in range(20, 40):
        table = figure_table(HEAD, [[f"Course {number}", 1, 1] for number in range(count)], ["Total", 1, 1])
        pdf = document("Report", partnership="Anytown Partnership", story=[table])
        if len(read(pdf).pages) == 2:
            last.append(body(pdf, 1)[3:6])
    assert [row for row in last if row[0] == "Total"] == []


def test_a_table_without_rows_still_says_what_it_would_hold() -> None:
    pdf = document("Report", partnership="Anytown Partnership", story=[figure_table(HEAD, [])])
    assert body(pdf) == HEAD


def test_14_columns_fit_a_landscape_page_unbroken() -> None:
    head = ["Course", *(f"Figure number {number}" for number in range(14))]
    rows: list[list[Cell]] = [
        ["Sexual Abuse and Harmful Sexual Behaviour in Children and Young People", *["88.8%"] * 14]
    ]
    table = figure_table(head, rows, ["Total", *[12345] * 14])
    pdf = document("Report", partnership="Anytown Partnership", story=[table], landscape=True)
    assert (body(pdf).count("88.8%"), body(pdf).count("12,345")) == (14, 14)


def test_twenty_four_names_fit_one_numbered_sheet() -> None:
    names = [(f"Person {number}", "Police") for number in range(1, 25)]
    table = signing_table(["Name", "Agency"], names, ["Morning", "Afternoon"])
    pdf = document("Report", partnership="Anytown Partnership", story=[table])
    expected = [cell for number in range(1, 25) for cell in (str(number), f"Person {number}", "Police")]
    assert (len(read(pdf).pages), body(pdf)) == (1, ["Name", "Agency", "Morning", "Afternoon", *expected])


def test_a_signing_sheet_has_lines_for_unlisted_people() -> None:
    table = signing_table(["Name"], [("Ann",)], ["Signature"], blank_rows=2)
    pdf = document("Report", partnership="Anytown Partnership", story=[table])
    assert body(pdf) == ["Name", "Signature", "1", "Ann", "2", "3"]
