"""Which language a page's frequent words tell."""

from __future__ import annotations

import pytest

from docsort_server.engine.language import language_of
from docsort_server.engine.local import text as t

_PAGES = {
    "sv": """Styrelsen har beslutat att föreningen ska ordna en resa till fjällen och det är
        många som vill följa med. Av de anmälda är hälften inte medlemmar, och den som är medlem
        går före. Det är viktigt att alla anmäler sig i tid till kansliet.""",
    "fi": """Kokous on avattu ja puheenjohtaja totesi, että se on laillinen ja päätösvaltainen.
        Jäsenmaksu on kaksikymmentä euroa ja se ei muutu, mutta tilit ovat avoinna ja jäsen ei
        ole velvollinen maksamaan, kun hän on työtön.""",
    "cs": """Schůze se koná na obecním úřadě a zúčastní se jí všichni členové, jako každý rok.
        Návrh je připraven pro hlasování a podle stanov se na něm shodne výbor nebo předseda. Na
        závěr se ukázalo, že je nutné zvolit nového pokladníka ze tří uchazečů.""",
    "tr": """Dernek için yeni bir bina ve bu bina ile birlikte bir bahçe gerekli. Üyeler bu
        bina için ve gençler için bir kütüphane istedi; yönetim olarak bu istek ile
        ilgilendik ve bir destek verdik.""",
    "pt": """A direção da associação decidiu que os sócios não pagam as quotas do ano e que uma
        parte do dinheiro vai para as obras. Os trabalhos são feitos em agosto e não há outros
        custos para os sócios, nem para o dono da casa ao lado.""",
}
_UNTOLD = {
    "da": """Bestyrelsen har besluttet at foreningen skal holde en fest, og det er ikke for sent at
        melde sig til. Der er plads til halvdelen af de tilmeldte, og de er valgt efter
        lodtrækning. Kassereren fortalte at det er svært at få regnskabet til at gå op. Den som
        ikke er med i år, er med det næste, og det koster det samme som den med musik.""",
    "no": """Styret har vedtatt at foreningen skal holde en fest, og det er ikke for sent å melde
        seg på. Det er plass til halvparten av de påmeldte, og de er valgt etter loddtrekning.
        Kassereren fortalte at det er vanskelig å få regnskapet til å gå opp. Den som ikke er med
        i år, er med det neste, og det koster det samme som den med musikk.""",
    "et": """Koosolek on avatud ja juhatus otsustas, et liikmemaks ei muutu, kui liikmed ei ole
        teisiti otsustanud. See on oluline ning kõik on nõus, et arve on korras ja see ei vaja
        muutmist, aga revident või juhataja kontrollib ka kviitungeid.""",
}


def _language(text: str) -> str:
    return language_of(word for word in t.split(t.fold(text)) if word.isalpha())


@pytest.mark.parametrize("code", _PAGES)
def test_frequent_words_tell_the_language(code: str) -> None:
    """A paragraph is known by the language it is in."""
    assert _language(_PAGES[code]) == code


@pytest.mark.parametrize("code", _UNTOLD)
def test_near_relatives_are_not_taken_for_one_another(code: str) -> None:
    """Danish is not taken for Swedish, nor Estonian for Finnish: their cues would weigh little."""
    assert _language(_UNTOLD[code]) == ""


def test_addresses_tell_no_language() -> None:
    """A list of members with their mail addresses is not Portuguese for its ".com"."""
    members = "\n".join(f"Johan Karlsson{n} johan.karlsson{n}@example.com" for n in range(12))
    assert _language(members) == ""
