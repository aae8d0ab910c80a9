"""The report of the demonstration: put together by its organiser and published once."""

from serai.expo.fairs.edition.models import Edition
from serai.expo.people.account.models import User
from serai.expo.results.report.domain.builder import publish, save_part, save_report
from serai.expo.results.report.models import NamedReport, ReportPart

TITLE = {
    "en": "The fair in figures",
    "zh-hans": "数说展会",
    "ar": "المعرض بالأرقام",
    "fr": "Le salon en chiffres",
    "es": "La feria en cifras",
    "ru": "Выставка в цифрах",
}
SUMMARY = {
    "en": "Who came, from where, and which links of a chain they offer. The firms are invented; the counting is not.",
    "zh-hans": "谁来参展、来自何处、提供链条的哪些环节。企业均为虚构，统计方法真实。",
    "ar": "من جاء ومن أين، وأي حلقات من السلسلة يعرض. الشركات متخيلة، أما العدّ فحقيقي.",
    "fr": "Qui est venu, d’où, avec quels maillons. Les entreprises sont inventées ; le comptage ne l’est pas.",
    "es": "Quién vino, de dónde y qué eslabones ofrece. Las empresas son inventadas; el recuento no.",
    "ru": "Кто приехал, откуда и какие звенья предлагает. Фирмы вымышлены, подсчёт — настоящий.",
}
FIGURES = ("exhibitors", "countries", "foreign_share", "wishes", "scheduled", "held")


def publish_report(edition: Edition, chain: str, *, user: User) -> None:
    """A report with figures, the least developed countries, and one chain. Call inside of the edition's scope."""
    report = NamedReport(edition=edition, slug="figures", title=TITLE, summary=SUMMARY, languages=list(TITLE))
    save_report(report, user=user)
    for kind, chosen in (("figures", FIGURES), ("groups", ["LDC"]), ("chains", [chain])):
        save_part(ReportPart(edition=edition, report=report, kind=kind, chosen=list(chosen)), user=user)
    publish(report, user=user)
