"""The types of offices are the addressees of the instruction, and one more for the municipal Jobcenters."""

from offices.models.units import OfficeType


def test_office_types_are_the_nine_addressees_of_the_hega_and_the_municipal_jobcenter_h14():
    assert {str(label) for label in OfficeType.labels} - {"Jobcenter (zugelassener kommunaler Träger)"} == {
        "Regionaldirektion",
        "Agentur für Arbeit",
        "Operativer Service",
        "Jobcenter (gemeinsame Einrichtung)",
        "Zentrale Auslands- und Fachvermittlung",
        "Direktion Familienkasse",
        "Familienkasse",
        "BA-Service-Haus",
        "Service Center",
    }
