"""Routes worked out by hand from the five source documents and §§ 44b, 47, 48 SGB II, with their last dates.

Each row: what the command reads; the stations in order; the dates of the last of them, counted back on a wall calendar
with the times the presets give each station; the rules of the route; the dates a document lays down, those that bind
with an exclamation mark. Dates within the year of `outside_due_on` are written without it.
"""

BT = "Petitionsausschuss des Deutschen Bundestages"
AGH = "Petitionsausschuss des Abgeordnetenhauses von Berlin"
RBM = "Regierende/r Bürgermeister/in von Berlin"
FROM_BT = f"{BT} request > BMAS forward"
TO_BT = f"BMAS forward > {BT} receive"

PAN_IN = "KRM register > Geschäftsführung direct > Bereichsleitung forward"
PAN_WORK = "Teamleitung draft > KRM check"
OUT = "Geschäftsführung sign > KRM dispatch"
PAN = f"{PAN_IN} > {PAN_WORK} > {OUT}"
PAN_DOWN = "RD BB forward > AA Berlin Nord forward"
PAN_BA = f"{PAN_IN} > {PAN_WORK} > AA Berlin Nord agree > RD BB agree > {OUT}"
EXPERT = "Fachexperte/Fachexpertin BGF"
PAN_TV = f"KRM forward > Geschäftsführung direct > {EXPERT} draft > Geschäftsführung sign > {EXPERT} dispatch"
CONDUCT_IN = "Geschäftsführung direct > KRM register"

GER_IN = "KRM register > Geschäftsführung note"
GER_WORK = "Teamleitung draft > KRM write"
GER = f"{GER_IN} > {GER_WORK} > {OUT}"
GER_DOWN = "RD RPS forward > KRM AA Landau forward"
SUPPORT, CHAIR = "Führungsunterstützung SGB II (AA Landau)", "Vorsitz der Geschäftsführung der AA Landau"
DISTRICT = "Landrat des Landkreises Germersheim"
GER_TV = f"{GER_IN} > {GER_WORK} > {CHAIR} authorise > {DISTRICT} authorise > Geschäftsführung dispatch"

GERA_IN = "Geschäftsführung note > KRM register"
GERA_WORK = "Teamleitung draft > KRM write"
GERA = f"{GERA_IN} > {GERA_WORK} > {OUT}"

AA_WORK = "Teamleitung draft > KRM check"
AA_IN = "KRM register > Geschäftsführung note"
AA = f"{AA_IN} > {AA_WORK} > {OUT}"
SITE = "Agentur für Arbeit oder Jobcenter"
RD = f"KRM register > Geschäftsführung note > {SITE} draft > KRM check > {OUT}"

ROWS = [
    # Jobcenter Berlin Pankow
    (
        "pankow,petition,bundestag,federal,benefits,sgb2,2026-05-04,2026-07-15",
        f"{FROM_BT} > {PAN_DOWN} > {PAN_BA} > RD BB forward > {TO_BT}",
        "07-03 07-06 07-08 07-15 07-15",
        "PAN-30 K16",
        "!2026-05-04 PAN-28",
    ),
    (
        "pankow,petition,bundestag,federal,placement,sgb3,2026-05-04,2026-07-15",  # H-8
        f"{FROM_BT} > {PAN_DOWN} > {PAN_BA} > RD BB forward > Zentrales KRM sample > {TO_BT}",
        "07-01 07-02 07-06 07-08 07-15 07-15",
        "PAN-30 K16",
        "!2026-05-04 PAN-28",
    ),
    (
        "pankow,submission,bmas,federal,placement,sgb2,2026-05-11,2026-06-26",
        f"BMAS request > {PAN_DOWN} > {PAN_BA} > RD BB forward > BMAS receive",
        "06-17 06-22 06-23 06-24 06-26 06-26",
        "PAN-30 K16",
        "!2026-05-11 PAN-28",
    ),
    (
        "pankow,submission,regional_directorate,federal,other,sgb2,2026-05-02,2026-06-05",  # a Saturday: on Monday
        f"RD BB request > AA Berlin Nord forward > {PAN_BA} > RD BB receive",
        "05-29 06-03 06-04 06-05 06-05",
        "PAN-30 K16",
        "!2026-05-04 PAN-28",
    ),
    (
        "pankow,petition,landtag,federal,benefits,sgb2,2026-04-13,2026-05-29",  # Himmelfahrt, Pfingstmontag
        f"{AGH} request > {PAN_DOWN} > {PAN_BA} > RD BB forward > {AGH} receive",
        "05-26 05-27 05-29 05-29",
        "PAN-30 K16",
        "!2026-04-13 PAN-28",
    ),
    (
        "pankow,submission,state_chancellery,municipal,housing_costs,sgb2,2026-05-11,2026-06-05",
        f"{RBM} request > {PAN} > {RBM} receive",
        "06-01 06-03 06-04 06-05 06-05",
        "PAN-29 K16",
        "!2026-05-11 PAN-28",
    ),
    (
        "pankow,petition,landtag,municipal,housing_costs,sgb2,2026-05-11,2026-06-07",  # due on a Sunday
        f"{AGH} request > {PAN} > {AGH} receive",
        "06-01 06-03 06-04 06-05 06-05",
        "PAN-29 K16",
        "!2026-05-11 PAN-28",
    ),
    (
        "pankow,petition,bundestag,owners_assembly,organisation,sgb2,2026-05-11,2026-06-15",
        f"{BT} request > {PAN_TV} > {BT} receive",
        "06-11 06-12 06-15 06-15",
        "PAN-33 K17",
        "!2026-05-11 PAN-28",
    ),
    (
        "pankow,submission,state_chancellery,owners_assembly,other,sgb2,2026-05-11,2026-06-15",
        f"{RBM} request > {PAN_TV} > {RBM} receive",
        "06-11 06-12 06-15 06-15",
        "PAN-33 K17",
        "!2026-05-11 PAN-28",
    ),
    (
        "pankow,petition,bundestag,federal,collection,sgb2,2026-07-01,2026-08-31",
        f"{FROM_BT} > Zentrales KRM forward > {PAN} > Zentrales KRM forward > {TO_BT}",
        "08-18 08-19 08-24 08-31 08-31",
        "H-10",
        "!2026-07-01 PAN-28",
    ),
    (
        "pankow,submission,bmas,federal,collection,sgb3,2026-07-01,2026-08-31",
        f"BMAS request > Zentrales KRM forward > {PAN} > Zentrales KRM forward > BMAS receive",
        "08-25 08-26 08-31 08-31",
        "H-10",
        "!2026-07-01 PAN-28",
    ),
    (
        "pankow,petition,bundestag,federal,labour_market_admission,sgb2,2026-07-01,2026-08-31",
        f"{FROM_BT} > RD BB forward > {PAN_IN} > {PAN_WORK} > Fachbereich AV 32 release > {OUT} > "
        f"Zentrales KRM forward > {TO_BT}",
        "08-10 08-17 08-18 08-19 08-24 08-31 08-31",
        "H-11",
        "!2026-07-01 PAN-28",
    ),
    (
        "pankow,petition,bundestag,federal,service_centre,sgb2,2026-07-01,2026-08-31",
        f"{FROM_BT} > {PAN_IN} > RD BB forward > Regionalleitung Service Center draft > RD BB check > {TO_BT}",
        "08-06 08-17 08-24 08-31 08-31",
        "H-9",
        "!2026-07-01 PAN-28",
    ),
    (
        "pankow,petition,bundestag,federal,service_centre,sgb3,2026-07-01,2026-08-31",
        f"{FROM_BT} > {PAN_IN} > RD BB forward > Regionalleitung Service Center draft > RD BB check > "
        f"Zentrales KRM sample > {TO_BT}",
        "08-04 08-13 08-20 08-24 08-31 08-31",
        "H-9",
        "!2026-07-01 PAN-28",
    ),
    (
        "pankow,petition,bundestag,federal,child_benefit,sgb2,2026-07-01,2026-08-31",
        f"{BT} request > {PAN_IN} > Familienkasse draft > Direktion der Familienkasse check > {BT} receive",
        "08-24 08-31 08-31",
        "H-12",
        "!2026-07-01 PAN-28",
    ),
    (
        "pankow,petition,bundestag,federal,fundamental,sgb2,2026-07-01,2026-08-31",
        f"{FROM_BT} > Zentrales KRM own > {PAN} > Zentrales KRM own > {TO_BT}",
        "08-14 08-17 08-24 08-31 08-31",
        "H-7 BLOG-6",
        "!2026-07-01 PAN-28",
    ),
    (
        "pankow,petition,landtag,municipal,fundamental,sgb2,2026-05-11,2026-06-05",  # no matter of the BA
        f"{AGH} request > {PAN} > {AGH} receive",
        "06-01 06-03 06-04 06-05 06-05",
        "PAN-29 K16",
        "!2026-05-11 PAN-28",
    ),
    (
        "pankow,petition,bundestag,federal,staff_conduct,sgb2,2026-05-20,2026-06-30",
        f"{FROM_BT} > {CONDUCT_IN} > {PAN_WORK} > {OUT} > {TO_BT}",
        "06-17 06-19 06-22 06-23 06-30 06-30",
        "H-13",
        "!2026-05-20 GER-25,PAN-28",
    ),
    (
        "pankow,submission,bmas,owners_assembly,staff_conduct,sgb2,2026-05-20,2026-06-30",
        f"BMAS request > {CONDUCT_IN} > {PAN_WORK} > {OUT} > BMAS receive",
        "06-24 06-26 06-29 06-30 06-30",
        "H-13",
        "!2026-05-20 GER-25,PAN-28",
    ),
    (
        "pankow,petition,landtag,federal,staff_conduct,sgb2,2026-04-13,2026-05-29",  # not by the BMAS
        f"{AGH} request > {PAN_DOWN} > {PAN_BA} > RD BB forward > {AGH} receive",
        "05-26 05-27 05-29 05-29",
        "PAN-30 K16",
        "!2026-04-13 PAN-28",
    ),
    (
        "pankow,petition,landtag,licensed,benefits,sgb2,2026-05-20,2026-06-30",
        f"{AGH} request > Land Berlin forward > {PAN} > Land Berlin check > {AGH} receive",
        "06-22 06-23 06-30 06-30",
        "B2-9",
        "!2026-05-20 PAN-28",
    ),
    (
        "pankow,submission,bmas,federal,benefits,sgb2,2025-03-31,2025-05-09",  # 08.05.2025 is a holiday in Berlin
        f"BMAS request > {PAN_DOWN} > {PAN_BA} > RD BB forward > BMAS receive",
        "05-05 05-06 05-09 05-09",
        "PAN-30 K16",
        "!2025-03-31 PAN-28",
    ),
    (
        "pankow,petition,bundestag,federal,benefits,sgb2,2026-11-02,2027-01-08",  # over Christmas
        f"{FROM_BT} > {PAN_DOWN} > {PAN_BA} > RD BB forward > {TO_BT}",
        "2026-12-28 2026-12-29 2026-12-31 01-08 01-08",
        "PAN-30 K16",
        "!2026-11-02 PAN-28",
    ),
    (
        "pankow,petition,bundestag,federal,benefits,sgb2,2026-07-13,2026-07-15",  # no time at all: at once
        f"{FROM_BT} > {PAN_DOWN} > {PAN_BA} > RD BB forward > {TO_BT}",
        "07-13 07-13 07-13 07-15 07-15",
        "PAN-30 K16",
        "!2026-07-13 PAN-28",
    ),
    # Jobcenter Landkreis Germersheim
    (
        "germersheim,petition,bundestag,federal,benefits,sgb2,2026-12-10,2027-02-15",
        f"{FROM_BT} > {GER_DOWN} > {GER} > {SUPPORT} check > KRM AA Landau forward > RD RPS check > {TO_BT}",
        "2026-12-23 2026-12-24 01-29 02-01 02-08 02-15 02-15",
        "GER-26 GER-27 K16",
        "!2026-12-10 GER-25; !2026-12-24 GER-26,K15; 2026-12-31 GER-27,K15",
    ),
    (
        "germersheim,petition,bundestag,federal,benefits,sgb2,2026-12-11,2027-02-15",  # two weeks end on 25.12.
        f"{FROM_BT} > {GER_DOWN} > {GER} > {SUPPORT} check > KRM AA Landau forward > RD RPS check > {TO_BT}",
        "2026-12-28 01-29 02-01 02-08 02-15 02-15",
        "GER-26 GER-27 K16",
        "!2026-12-11 GER-25; !2026-12-28 GER-26,K15; 2027-01-04 GER-27,K15",
    ),
    (
        "germersheim,petition,bundestag,federal,benefits,sgb2,2026-05-22,2026-08-31",
        f"{FROM_BT} > {GER_DOWN} > {GER} > {SUPPORT} check > KRM AA Landau forward > RD RPS check > {TO_BT}",
        "06-05 08-14 08-17 08-24 08-31 08-31",
        "GER-26 GER-27 K16",
        "!2026-05-22 GER-25; !2026-06-05 GER-26,K15; 2026-06-15 GER-27,K15",
    ),
    (
        "germersheim,petition,bundestag,federal,benefits,sgb2,2026-05-27,2026-06-26",  # the way up binds before both
        f"{FROM_BT} > {GER_DOWN} > {GER} > {SUPPORT} check > KRM AA Landau forward > RD RPS check > {TO_BT}",
        "06-08 06-09 06-11 06-12 06-19 06-26 06-26",
        "GER-26 GER-27 K16",
        "!2026-05-27 GER-25; !2026-06-10 GER-26,K15; 2026-06-17 GER-27,K15",
    ),
    (
        "germersheim,petition,bundestag,owners_assembly,organisation,sgb2,2026-04-20,2026-06-08",
        f"{FROM_BT} > {GER_TV} > {TO_BT}",
        "05-18 05-21 05-22 06-08 06-08",
        "GER-28 GER-29 K17",
        "!2026-04-20 GER-25; !2026-05-22 GER-28,K15",
    ),
    (
        "germersheim,petition,bundestag,owners_assembly,organisation,sgb2,2026-04-20,2026-06-15",
        f"{FROM_BT} > {GER_TV} > {TO_BT}",
        "05-26 05-29 06-01 06-15 06-15",
        "GER-28 GER-29 K17",
        "!2026-04-20 GER-25; !2026-06-01 GER-28,K15",
    ),
    (
        "germersheim,petition,ombudsperson,municipal,housing_costs,sgb2,2026-05-11,2026-07-10",
        "Bürgerbeauftragte des Landes Rheinland-Pfalz request > Land Rheinland-Pfalz forward > "
        f"Landkreis Germersheim forward > {GER} > Landkreis Germersheim check > Land Rheinland-Pfalz forward > "
        "Bürgerbeauftragte des Landes Rheinland-Pfalz receive",
        "06-25 06-26 07-03 07-10 07-10",
        "B2-9",
        "!2026-05-11 GER-25",
    ),
    (
        "germersheim,submission,bmas,federal,placement,sgb3,2026-05-22,2026-08-31",
        f"BMAS request > {GER_DOWN} > {GER} > {SUPPORT} check > KRM AA Landau forward > RD RPS check > "
        "Zentrales KRM sample > BMAS receive",
        "06-05 08-19 08-20 08-27 08-31 08-31",
        "GER-26 GER-27 K16",
        "!2026-05-22 GER-25; !2026-06-05 GER-26,K15; 2026-06-15 GER-27,K15",
    ),
    (
        "germersheim,submission,bmas,federal,collection,sgb2,2026-05-22,2026-07-10",
        f"BMAS request > Zentrales KRM forward > {GER} > Zentrales KRM forward > BMAS receive",
        "07-06 07-07 07-10 07-10",
        "H-10",
        "!2026-05-22 GER-25",
    ),
    (
        "germersheim,petition,bundestag,mixed,other,sgb2,2026-04-20,2026-08-31",
        f"{FROM_BT} > {GER_DOWN} > {GER_IN} > "
        f"[federal] Teamleitung draft > [federal] KRM write > [federal] {SUPPORT} check > [federal] RD RPS check > "
        "[municipal] Teamleitung draft > [municipal] KRM write > [municipal] Landkreis Germersheim check > "
        "[owners_assembly] Teamleitung draft > [owners_assembly] KRM write > "
        f"[owners_assembly] {CHAIR} authorise > [owners_assembly] {DISTRICT} authorise > "
        f"KRM join > {OUT} > KRM AA Landau forward > RD RPS forward > {TO_BT}",
        "04-29 04-30 05-04 08-20 08-24 08-31 08-31",
        "B2-9 GER-26 GER-28 GER-29",
        "!2026-04-20 GER-25; !2026-05-04 GER-26,K15; 2026-05-11 GER-27,K15; 2026-08-17 GER-28,K15",
    ),
    # Jobcenter Gera
    (
        "gera,petition,bundestag,federal,benefits,sgb2,2027-07-12,2027-09-21",  # 20.09. is a holiday in Thüringen
        f"{FROM_BT} > RD SAT forward > {GERA} > RD SAT check > {TO_BT}",
        "09-03 09-06 09-13 09-21 09-21",
        "GERA-26 BLOG-7 K16",
        "!2027-07-12 GERA-26; !2027-07-12 GERA-26",
    ),
    (
        "gera,petition,landtag,municipal,housing_costs,sgb2,2026-04-20,2026-06-16",
        "Petitionsausschuss des Thüringer Landtags request > Freistaat Thüringen forward > Stadt Gera forward > "
        f"{GERA} > Stadt Gera check > Freistaat Thüringen forward > Petitionsausschuss des Thüringer Landtags receive",
        "06-01 06-02 06-09 06-16 06-16",
        "B2-9",
        "!2026-04-20 GERA-26; !2026-04-20 GERA-26",
    ),
    (
        "gera,submission,bmas,federal,placement,sgb2,2026-04-20,2026-06-16",
        f"BMAS request > RD SAT forward > {GERA} > RD SAT check > BMAS receive",
        "06-08 06-09 06-16 06-16",
        "GERA-26 BLOG-7 K16",
        "!2026-04-20 GERA-26; !2026-04-20 GERA-26",
    ),
    (
        "gera,submission,bmas,owners_assembly,organisation,sgb2,2026-04-20,2026-06-16",
        f"BMAS request > {GERA} > BMAS receive",
        "06-12 06-15 06-16 06-16",
        "B2-9",
        "!2026-04-20 GERA-26; !2026-04-20 GERA-26",
    ),
    (
        "gera,submission,bmas,federal,placement,sgb3,2026-04-20,2026-06-16",
        f"BMAS request > RD SAT forward > {GERA} > RD SAT check > Zentrales KRM sample > BMAS receive",
        "06-04 06-05 06-12 06-16 06-16",
        "GERA-26 BLOG-7 K16",
        "!2026-04-20 GERA-26; !2026-04-20 GERA-26",
    ),
    (
        "gera,petition,bundestag,mixed,other,sgb2,2027-05-10,2027-09-21",
        f"{FROM_BT} > {GERA_IN} > "
        "[federal] Teamleitung draft > [federal] KRM write > [federal] RD SAT check > "
        "[municipal] Teamleitung draft > [municipal] KRM write > [municipal] Stadt Gera check > "
        "[owners_assembly] Teamleitung draft > [owners_assembly] KRM write > "
        f"KRM join > {OUT} > RD SAT forward > {TO_BT}",
        "09-07 09-08 09-09 09-13 09-21 09-21",
        "B2-9 GER-29 PAN-30 PAN-33",
        "!2027-05-10 GERA-26; !2027-05-10 GERA-26",
    ),
    # Agentur für Arbeit Berlin Nord
    (
        "berlin-nord,petition,bundestag,federal,benefits,sgb3,2026-10-01,2026-11-30",
        f"{FROM_BT} > RD BB forward > {AA} > RD BB check > Zentrales KRM sample > {TO_BT}",
        "11-11 11-12 11-19 11-23 11-30 11-30",
        "H-6 B2-9 BLOG-7",
        "!2026-10-01 GER-25,PAN-28",
    ),
    (
        "berlin-nord,submission,bmas,federal,fundamental,sgb3,2026-10-01,2026-11-30",
        f"BMAS request > Zentrales KRM own > {AA} > Zentrales KRM own > BMAS receive",
        "11-20 11-23 11-30 11-30",
        "H-7 BLOG-6",
        "!2026-10-01 GER-25,PAN-28",
    ),
    (
        "berlin-nord,submission,bmas,federal,labour_market_admission,sgb3,2026-10-01,2026-11-30",
        f"BMAS request > RD BB forward > {AA_IN} > {AA_WORK} > Fachbereich AV 32 release > {OUT} > "
        "Zentrales KRM forward > BMAS receive",
        "11-23 11-24 11-25 11-30 11-30",
        "H-11",
        "!2026-10-01 GER-25,PAN-28",
    ),
    (
        "berlin-nord,submission,bmas,federal,staff_conduct,sgb2,2026-10-01,2026-11-30",  # H-13 is about the gE
        f"BMAS request > RD BB forward > {AA} > RD BB check > BMAS receive",
        "11-20 11-23 11-30 11-30",
        "H-6 B2-9 BLOG-7",
        "!2026-10-01 GER-25,PAN-28",
    ),
    # Regionaldirektion Berlin-Brandenburg; 08.03. is a holiday in Berlin
    (
        "rd-bb,petition,bundestag,federal,benefits,sgb3,2027-01-11,2027-03-10",
        f"{FROM_BT} > {RD} > Zentrales KRM sample > {TO_BT}",
        "02-19 02-24 02-25 02-26 03-02 03-10 03-10",
        "H-6 H-8 BLOG-7 K16",
        "!2027-01-11 GER-25,PAN-28",
    ),
    (
        "rd-bb,submission,bmas,federal,benefits,sgb2,2027-01-11,2027-03-10",
        f"BMAS request > {RD} > BMAS receive",
        "03-02 03-05 03-09 03-10 03-10",
        "H-6 H-8 BLOG-7 K16",
        "!2027-01-11 GER-25,PAN-28",
    ),
    (
        "rd-bb,petition,bundestag,federal,service_centre,sgb3,2027-01-11,2027-03-10",
        f"{FROM_BT} > KRM register > Geschäftsführung note > Regionalleitung Service Center draft > KRM check > "
        f"{OUT} > Zentrales KRM sample > {TO_BT}",
        "02-19 02-24 02-25 02-26 03-02 03-10 03-10",
        "H-9",
        "!2027-01-11 GER-25,PAN-28",
    ),
    (
        "rd-bb,submission,president,federal,collection,sgb2,2027-01-11,2027-03-10",
        f"Bundespräsidialamt request > BMAS forward > Zentrales KRM forward > {RD} > Zentrales KRM forward > "
        "BMAS forward > Bundespräsidialamt receive",
        "02-24 02-25 03-02 03-10 03-10",
        "H-10",
        "!2027-01-11 GER-25,PAN-28",
    ),
]
