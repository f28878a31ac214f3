"""The catalogue of the portal's open data, as DCAT-AP-SE 3 asks for it, so that dataportal.se can fetch it.

Profile: https://docs.dataportal.se/dcat/3.0.1/en/ . What it calls mandatory stands in MANDATORY, which the tests
hold the catalogue to.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from urllib.parse import quote

from django.conf import settings
from django.utils import translation
from rdflib import BNode, Graph, Literal, Namespace, URIRef
from rdflib.namespace import DCAT, DCTERMS, FOAF, RDF, XSD

from .datasets import CC0, Dataset, address

VCARD = Namespace("http://www.w3.org/2006/vcard/ns#")
AUTHORITY = "http://publications.europa.eu/resource/authority/"
PUBLIC = URIRef(f"{AUTHORITY}access-right/PUBLIC")
THEMES = [URIRef(f"{AUTHORITY}data-theme/{code}") for code in ("GOVE", "JUST")]
LOCAL_AUTHORITY = URIRef("http://purl.org/adms/publishertype/LocalAuthority")
# Format → (file ending of the distribution, media type, the Union's list of file types).
FORMATS = {
    "json": ("", "application/json", "JSON"),
    "csv": (".csv", "text/csv", "CSV"),
    "xlsx": (".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "XLSX"),
}
# How the catalogue itself is written: media type, and what rdflib calls it.
WRITTEN = {
    "rdf": ("application/rdf+xml; charset=utf-8", "pretty-xml"),
    "ttl": ("text/turtle; charset=utf-8", "turtle"),
    "jsonld": ("application/ld+json; charset=utf-8", "json-ld"),
}
MANDATORY = {
    DCAT.Catalog: (DCTERMS.title, DCTERMS.description, DCTERMS.publisher, DCTERMS.license, DCAT.dataset),
    DCAT.Dataset: (DCTERMS.title, DCTERMS.description, DCTERMS.publisher, DCAT.contactPoint, DCAT.distribution),
    DCAT.Distribution: (DCAT.accessURL, DCTERMS.license),
    DCAT.DataService: (DCTERMS.title, DCTERMS.publisher, DCAT.endpointURL, DCAT.contactPoint),
    FOAF.Agent: (FOAF.name, DCTERMS.type),
    VCARD.Organization: (VCARD.fn, VCARD.hasEmail),
}


def written(kind: str, datasets: Iterable[Dataset], *, now: dt.datetime) -> str:
    """The catalogue as RDF/XML (`rdf`), Turtle (`ttl`) or JSON-LD (`jsonld`)."""
    return catalogue(datasets, now=now).serialize(format=WRITTEN[kind][1])


def catalogue(datasets: Iterable[Dataset], *, now: dt.datetime) -> Graph:
    """Catalogue, data sets, their files and the service, with the municipality as publisher."""
    graph = Graph()
    graph.bind("dcat", DCAT)
    graph.bind("vcard", VCARD)
    about = settings.MUNICIPALITY
    here = URIRef(address("/oppna-data/#katalog"))
    publisher = URIRef(about["SITE_URL"] or settings.SITE_URL)
    graph.add((publisher, RDF.type, FOAF.Agent))
    graph.add((publisher, FOAF.name, Literal(about["NAME"], lang="sv")))
    graph.add((publisher, DCTERMS.type, LOCAL_AUTHORITY))
    contact = URIRef(address("/kontakt/#dataansvarig"))
    graph.add((contact, RDF.type, VCARD.Organization))
    graph.add((contact, VCARD.fn, Literal(about["NAME"])))
    graph.add((contact, VCARD.hasEmail, URIRef(f"mailto:{quote(about['CONTACT_EMAIL'], safe='@')}")))
    graph.add((here, RDF.type, DCAT.Catalog))
    _said(graph, here, DCTERMS.title, lambda: f"{about['PORTAL_NAME']}: {_open_data()}")
    _said(graph, here, DCTERMS.description, _about)
    graph.add((here, DCTERMS.publisher, publisher))
    graph.add((here, DCTERMS.license, URIRef(CC0)))
    graph.add((here, DCTERMS.modified, Literal(now.date().isoformat(), datatype=XSD.date)))
    graph.add((here, FOAF.homepage, URIRef(address("/oppna-data/"))))
    for language in ("SWE", "ENG"):
        graph.add((here, DCTERMS.language, URIRef(f"{AUTHORITY}language/{language}")))
    service = URIRef(address("/api/v1/"))
    graph.add((here, DCAT.service, service))
    graph.add((service, RDF.type, DCAT.DataService))
    _said(graph, service, DCTERMS.title, lambda: f"{about['PORTAL_NAME']}: API")
    graph.add((service, DCTERMS.publisher, publisher))
    graph.add((service, DCAT.contactPoint, contact))
    graph.add((service, DCAT.endpointURL, service))
    graph.add((service, DCAT.endpointDescription, URIRef(address("/api/v1/openapi.json"))))
    graph.add((service, DCTERMS.accessRights, PUBLIC))
    graph.add((service, DCTERMS.license, URIRef(CC0)))
    for dataset in datasets:
        name = URIRef(address(f"/oppna-data/#{dataset.slug}"))
        graph.add((here, DCAT.dataset, name))
        graph.add((service, DCAT.servesDataset, name))
        _dataset(graph, name, dataset, publisher=publisher, contact=contact)
    return graph


def _dataset(graph: Graph, name: URIRef, dataset: Dataset, *, publisher: URIRef, contact: URIRef) -> None:
    graph.add((name, RDF.type, DCAT.Dataset))
    _said(graph, name, DCTERMS.title, lambda: str(dataset.title))
    _said(graph, name, DCTERMS.description, lambda: str(dataset.description))
    graph.add((name, DCTERMS.publisher, publisher))
    graph.add((name, DCAT.contactPoint, contact))
    graph.add((name, DCTERMS.accessRights, PUBLIC))
    graph.add((name, DCAT.landingPage, URIRef(address(f"/oppna-data/#{dataset.slug}"))))
    graph.add((name, DCTERMS.accrualPeriodicity, URIRef(f"{AUTHORITY}frequency/IRREG")))
    for word in dataset.keywords:
        graph.add((name, DCAT.keyword, Literal(word, lang="sv")))
    for theme in THEMES:
        graph.add((name, DCAT.theme, theme))
    for kind, (ending, media_type, file_type) in FORMATS.items():
        file = URIRef(address(f"/oppna-data/#{dataset.slug}-{kind}"))
        where = URIRef(address(dataset.path + ending))
        graph.add((name, DCAT.distribution, file))
        graph.add((file, RDF.type, DCAT.Distribution))
        graph.add((file, DCTERMS.title, Literal(kind.upper())))
        graph.add((file, DCAT.accessURL, where))
        graph.add((file, DCAT.downloadURL, where))
        graph.add((file, DCTERMS.license, URIRef(dataset.licence)))
        graph.add((file, DCAT.mediaType, URIRef(f"https://www.iana.org/assignments/media-types/{media_type}")))
        graph.add((file, DCTERMS.format, URIRef(f"{AUTHORITY}file-type/{file_type}")))
        if dataset.licence_note:
            rights = BNode()
            graph.add((file, DCTERMS.rights, rights))
            graph.add((rights, RDF.type, DCTERMS.RightsStatement))
            _said(graph, rights, DCTERMS.description, lambda: str(dataset.licence_note))


def _said(graph: Graph, thing: URIRef | BNode, what: URIRef, words: object) -> None:
    """The words in both languages."""
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            graph.add((thing, what, Literal(words(), lang=language)))  # type: ignore[operator]


def _open_data() -> str:
    return translation.gettext("Öppna data")


def _about() -> str:
    return translation.gettext("Löften, beslut, nyheter och siffror ur lägesbilden, så som invånarna läser dem.")
