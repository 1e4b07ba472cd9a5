"""What the words of a reaction may point to, beside or instead of a complaint: one table, read as people write.

Every sign has sentences beside it that it finds (`examples`) and others that only sound like it (`but`); all of them
are tests. A sign is a proposal to look again, never a decision.

The phrases: `*` is the rest of a word, `…` up to six words between, `#` a number, `(a|b)` one of them. Capital letters,
umlauts (also ae, oe, ue, or none at all), ß and the commonest slips of the keys make no difference.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, cached_property


class Label(StrEnum):
    """What a text may be; most are reasons of the Kein-KRM desk, the last three are no complaint at all."""

    OBJECTION = "objection"
    LAWSUIT = "lawsuit"
    REVIEW = "review"
    INQUIRY = "inquiry"
    DATA_PROTECTION = "data_protection"
    CORRUPTION = "corruption"
    BENEFIT_FRAUD = "benefit_fraud"
    REGULATORY_OFFENCE = "regulatory_offence"
    CONDUCT = "conduct"
    AGAINST_MANAGEMENT = "against_management"
    SUPERVISION = "supervision"
    PRAISE = "praise"
    SUGGESTION = "suggestion"
    SETTLED_WISH = "settled_wish"


@dataclass(frozen=True)
class Sign:
    """One of `words` stands in a sentence, and one of `near`, if there are any, in it or three sentences around it.

    It does not count in a sentence that has one of `unless`.
    """

    label: Label
    words: tuple[str, ...]
    examples: tuple[str, ...]
    near: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    but: tuple[str, ...] = ()


OF_OTHERS = (  # somebody else's quarrel, which is none with the office
    "vermieter*", "bewerber*", "nachbar*", "mitbewohner*", "arbeitgeber*", "mein chef", "meine chefin",
    "ein anderer kunde", "mein vater", "meine mutter", "schwiegermutter", "ex", "busfahrer",
)  # fmt: skip
STAFF = (
    "mitarbeiter*|sachbearbeit*|vermittler*|arbeitsvermittler*|berater*|fallmanager*|teamleit*|kolleg*|"
    "leiter*|dame|herr|herrn|hrn|frau|fr|mann|mann von jobcenter|sicherheitsdienst*|wachmann|security"
)
KIN = (
    "bruder|schwester|schwager|schwägerin|ehemann|ehefrau|mann|frau|sohn|tochter|cousin*|nichte|neffe|schwieger*|"
    "lebensgefährt*|lebenspartner*|freund*|verwandt*|familie|eltern|vater|mutter"
)
OFFICE_HEAD = "teamleit*|sachbearbeit*|vermittler*|leiter*|herrn|frau|mitarbeiter*|geschäftsführ*|chef*|bereichsleit*"
ABOUT_ME = "meine|meiner|meinen|meines|mein|unsere|unseren|ihre|seine|die|den|interne|private"
PAPERS = (
    "daten|adresse|anschrift|telefonnummer|handynummer|nummer|akte|unterlagen|diagnose*|krankheit*|"
    "krankmeldung|befund*|arztbrief*|attest*|gesundheit*|fall|namen|name|kontoausz*|vermerke|vermerk|"
    "bescheid*|lohnabrechnung*|schulden|antrag|briefe|brief|geburtsdatum|bankverbindung|mail*|"
    "schwangerschaft|therapie|vorstrafe*"
)
GIVEN = (
    "weiter*|gegeben|gibt|verraten|genannt|nennt|erzähl*|geschickt|gesendet|versendet|verschickt|gezeigt|"
    "veröffentlich*|vorgelesen|ausgeplaudert|herausgegeben|mitgeteilt|besprochen|eingesehen|übermittelt"
)
AGAINST = (
    "antrag|leistung*|zahlung*|geld|regelsatz|miete*|zuschuss|mehrbedarf|kosten|gutschein|förderung|bildungsgutschein|"
    "weiterbildung|umschulung|alg|bürgergeld|arbeitslosengeld|darlehen|umzug|wohnung|erstausstattung|wurde|wird|worden"
)
REFUSED = (
    "abgelehnt|gekürzt|gestrichen|eingestellt|verweigert|versagt|aufgehoben|zurückgefordert|"
    "nicht (bewilligt|genehmigt|anerkannt|übernommen|gezahlt|bezahlt)"
)
MONEY = (
    "bescheid*", "bewillig*", "ablehn*", "abgelehn*", "versagt*", "versagung*", "verweiger*", "kürzung*", "kürzt*",
    "gekürzt*", "minder*", "gemindert*", "sperre*", "sperrzeit*", "gesperrt", "eingestellt",
    "einstellung der (zahlung|leistung)*", "rückforder*", "rückzahl*", "zurück*forder*", "zurückgefordert",
    "zurückzahlen", "zurückzuzahlen", "erstattung*", "überzahlung*", "aufrechn*", "einbehalt*", "behalten … ein",
    "anrechn*", "angerechnet", "berechn*", "umgerechnet", "umgrechnet", "gerechnet", "rechnet", "verrechn*",
    "bemessungs*", "gestrichen", "weggefallen", "wegfall*", "aufgehoben", "aufhebung*", "forderung*", "anspruch",
    "mehrbedarf*", "freibetrag*", "pauschale", "zuschuss", "gutschein*", "heizkosten", "heizung", "heizkostn",
    "nebenkosten", "nebekoschte", "miete", "unterkunft*", "fahrtkosten", "fahrkosten", "fohrkosten", "umzugskosten",
    "kaution", "darlehen", "arbeitslosengeld", "alg", "bürgergeld", "kinderzuschlag", "regelsatz", "regelbedarf",
    "leistung*", "anerkannt", "genehmig*", "übernehm*", "übernommen", "zahlt nur", "zahlen nur", "bezahlt",
    "betahlen", "betrag", "sanktion*", "strafe", "# (€|euro*|eur|öcken)", "geld", "erstausstattung", "einkommen",
    "vermögen", "ausgezahlt", "nachhilfe", "weiterbildung", "umschulung", "gründungszuschuss", "maßnahme",
)  # fmt: skip
DISPUTED = (
    "(nicht|net|ned) einverstanden",
    "nicht (richtig|rechtens|korrekt|gerechtfertigt|rechtmäßig|zutreffend|nachvollziehbar)",
    "stimm* (nicht|net|ned|nich|nie|vorne und hinten nicht)",
    "stimm* (er|sie|es|das|so|hier|hinten|doch|aber|auch|da|vorn|vorne) … (nicht|net|ned)",
    "(nicht|nichts|nix) stimm*", "falsch*", "fehlerhaft*", "unberechtigt*", "zu unrecht", "unrechtmäßig*",
    "rechtswidrig*", "gesetzwidrig*", "unzutreffend*", "trifft nicht zu", "frei erfunden",
    "zu (wenig|niedrig|gering|hoch|viel)", "passt … (nicht|net|ned|nich)", "käs", "quatsch", "blödsinn", "unsinn",
    "nicht ein|sehe … nicht ein", "zahle … nicht*", "nehmt … zurück", "nehmen sie … zurück", "vom tisch",
    "dagegen (vor*|an*|wehr*)", "(wehre|wende) … gegen",
    "gegen (ihre|eure|diese|die) (entscheidung|ablehnung|kürzung)",
    "(nochmal*|noch mal*|noch einmal|nomol|amoi|neu|erneut) … (rechn*|ausrechn*|berechn*|prüf*|entsch*|gucken|schauen|"
    "ansehen|bescheid*)", "(rechn*|berechn*|prüf*|entscheid*) … (neu|nochmal*|noch einmal|nomol)", "nochmal neu",
    "neuberechnung", "überprüf*", "neue entscheidung", "nochmals prüfen", "korrigier*", "korrektur", "richtig*stell*",
    "richtigzustellen", "gerade*ziehen", "jradeziehn", "berichtig*", "geänder*", "geännert", "zu ändern", "abändern",
    "änder* … (bescheid|entscheid*)", "machen richtig", "richtig machen", "nachzahl*", "nachbewillig*", "nachzuzahlen",
    "zurück*buch*", "zurückerstatt*", "erstatten sie", "zurückzunehm*", "aufzuheben", "heben sie", "weiterzahl*",
    "zahlen sie … weiter", "wiederaufnahme", "(volle|vollen|voller) (auszahlung|betrag|höhe|abschlag|leistung*)",
    "(bitte*|bitten|sehr|doch) … (bewillig*|genehmig*|übernehm*|gewähr*|anerkenn*|zahlen|auszahl*|zu genehmigen)",
    "zu gewähren", "gewähren sie", "fehl* (mir|mer|uns|da|ihm|ihr|dadurch)", "(da|mir|mer|uns|dadurch) fehl*",
    "fehlt die", "fehlt der", "fehlt das", "warum (nicht|wird|bekomm*|krieg*|ich|net)", "vergessen", "übersehen",
    "nicht (berücksichtigt|anerkannt|angesetzt|abgesetzt|drin|abgezogen|eingerechnet|bezahlt)", "san koid",
    "nur (zur hälfte|die hälfte|teilweise)", "nicht nehmen", "(für den|fürn) eimer", "angeblich*", "meisterwerk",
    "höflich gebeten", "möt se", "verlangt … auszahlung", "unbillig*", "ungerecht*", "unfair*", "nicht akzeptier*",
    "akzeptiere … nicht", "nicht hinnehm*", "so nicht", "kein verständnis", "sehe … anders", "bestreite*",
)  # fmt: skip

SIGNS = (
    # Widerspruch (K10; GER-4, PAN-10): who says so, and who wants a decision to be another
    Sign(
        Label.OBJECTION,
        (
            "(leg*|erheb*|mach*|stell*|reich*|eingelegt*|einleg*|hiermit|begründ*|fristwahr*|will|"
            "möchte) … widerspruch*",
            "widerspruch … (ein|gegen|einlegen|erheben|ei)", "widerspreche", "einspruch*", "gegen den bescheid",
            "widerspruch",
        ),
        (
            "Ich lege Widerspruch ein.",
            "ich mach hiermit wiederspruch gegen den bescheit von letzte woche",
            "Zur Fristwahrung erhebe ich gegen Ihren Bescheid vom 14.03.2025 Widerspruch.",
            "Ich wende mich gegen den Bescheid vom 2.11.",
        ),
        unless=(
            "(nachbar*|bekannt*|kolleg*|freund*) … (hat|hatte|habe)", "können sie", "(kein|keinen) … widerspruch",
            "widerspruchsbescheid*", "widerspruchsrecht", "widerspruchsstelle", "widerspruchsverfahren",
            "im widerspruch",
            "(mein|meinem|meinen|meines|der) widerspruch* … (liegt|nicht|seit|abgeholfen|beantwortet|bearbeit*)",
            "zurückgewiesen* widerspruch",
        ),
        but=(
            "Mein Nachbar hat gegen seinen Bescheid Widerspruch eingelegt und recht bekommen.",
            "Dies ist ausdrücklich kein Widerspruch.",
            "Das steht im Widerspruch zu der Nummer auf Ihrem Briefkopf.",
            "Mein Widerspruch vom 3. Februar ist bis heute nicht beantwortet.",
        ),
    ),
    Sign(
        Label.OBJECTION,
        (
            f"({AGAINST}) … ({REFUSED})", f"({REFUSED}) (wurde|worden|haben|wird)",
            "(sperrzeit|sperre) … (verhängt|bekommen|erhalten|eingetreten)",
            "# (%|prozent|euro|€|eur) … (gekürzt|abgezogen|einbehalten)",
            "(soll|sollen|muss|wollen) … (zurückzahlen|zurückhaben|wiederhaben|erstatten)",
            "zurückzahlen (soll|sollen|muss)",
            "(ablehnungs|aufhebungs|erstattungs|änderungs|sanktions|minderungs|rückforderungs)bescheid*",
        ),
        (
            "Der Antrag wurde abgelehnt.",
            "Sie haben mir das Geld um 30 % gekürzt.",
            "Gegen mich wurde eine Sperrzeit verhängt.",
            "Jetzt soll ich 800 Euro zurückzahlen.",
        ),
        unless=("termin*", "ich habe abgelehnt", "damals", "seinerzeit"),
        but=("Den Termin habe ich zum vierten Mal erhalten, und er wurde am Vortag abgesagt.",),
    ),
    Sign(
        Label.OBJECTION,
        MONEY,
        (
            "Die Rückforderung über 4.400 Euro ist frei erfunden.",
            "Mein Antrag wurde abgelehnt, das ist nicht richtig.",
            "Sie haben mir um 30 % gekürzt, ich bin damit nicht einverstanden.",
            "Es wurde eine Sperrzeit verhängt. Ich hatte einen wichtigen Grund, bitte prüfen Sie das nochmals.",
            "56 € Strafe fuers Nicht-Erscheinen, obwohl ich da war. Bitte zurueckbuchen!",
            "Mit der Berechnung bin ich nicht einverstanden.",
        ),
        near=DISPUTED,
        but=(
            "Siebzehn Seiten Berechnungsbogen! Niemand kann das lesen.",
            "Das Geld ist immer noch nicht auf dem Konto, obwohl alles bewilligt ist.",
            "Mit dem Betrag bin ich einverstanden.",
        ),
    ),
    # wie eine Klage (K10; GER-5, PAN-10): against a Widerspruchsbescheid, or already at court
    Sign(
        Label.LAWSUIT,
        ("widerspruchsbescheid*",),
        ("Ihr Widerspruchsbescheid ist ein Witz, das lasse ich mir nicht gefallen.",),
    ),
    Sign(
        Label.LAWSUIT,
        (
            "(landes|bundes|)sozialgericht*", "lsg", "bsg",
            "(vor|an|ans|am|bei|beim|zum|noh'm|vorm|das|ein|dem) gericht", "vor (das|dem) gericht", "an das gericht",
            "gerichtlich*", "jereech", "richter (soll|wird|muss)", "rechtsweg", "klageweg", "prozesskostenhilfe",
            "eilantrag*", "eilverfahren*", "eilrechtsschutz*", "einstweilig*", "untätigkeitsklage*",
            "klageverfahren", "klageschrift", "verklag*", "s # a(s|l) #", "ich klage",
            "klage … (ein|einreich*|eingereicht|erheb*|erhob*|zurück|gegen|bei|anhängig|läuft)", "klage (des|der)",
            "(reich*|erheb*|erhoben|nehm*|meine|hiermit|bereite|vorbereite) … klage",
            "(berufung|revision) (ein|gegen)",
        ),
        (
            "Dann sehen wir uns vor Gericht. Der Eilantrag ist schon geschrieben.",
            "Morgen stelle ich beim Gericht einen Eilantrag.",
            "Nach dem zurückgewiesenen Widerspruch reiche ich Klage ein.",
            "Mein Klageverfahren S 14 AS 9127/24 läuft noch.",
            "Ich erhebe Untätigkeitsklage, wenn bis Freitag nichts entschieden ist.",
        ),
        unless=("serie", "film*", "fernseh*", "zeitung*", "rechtsprechung", "grund zur klage", "klage* über",
                "kündigungsschutz*", "amtsgericht", "arbeitsgericht", "nie … klage"),
        but=(
            "Bisher hatte ich nie Grund zur Klage.",
            "Meine Klagen über die kaputte Klingel hört offenbar niemand.",
            "Im Fernsehen lief eine Serie über ein Sozialgericht.",
        ),
    ),
    # Überprüfungsantrag (§ 44 SGB X): an old decision, no longer open to a Widerspruch
    Sign(
        Label.REVIEW,
        (
            "§ 44",
            "paragraph 44",
            "paragraf 44",
            "§44",
            "44 sgb",
            "44 er antrag",
            "überprüfungsantrag*",
            "überprüfungs antrag*",
        ),
        (
            "Hiermit beantrage ich die Überprüfung sämtlicher Bescheide gemäß § 44 SGB X.",
            "ich stelle ueberpruefungs antrag für bescheide von letztes jahr",
        ),
        unless=("(liegt|lag) … überprüfungs*", "überprüfungs* … (liegt|bearbeit*|entschied*|beantwortet)"),
        but=("Seit acht Monaten liegt mein Überprüfungsantrag bei Ihnen.",),
    ),
    Sign(
        Label.REVIEW,
        (
            "überprüf*", "nachprüf*", "korrigier*", "zurücknehm*", "zurückzunehm*", "rücknahme", "aufgreif*",
            "aufzugreif*", "aufmach*", "aufzumach*", "neu (ge|)prüf*", "geprüft", "berichtig*", "änder*", "neu",
            "aufroll*", "aufzurollen", "nachzahl*", "prüfen",
        ),
        (
            "Ich bitte, auch die Bescheide aus 2023 noch einmal aufzumachen, die Frist habe ich damals verpasst.",
            "Der Bescheid ist unanfechtbar. Bittet um Rücknahme der damaligen Ablehnung.",
            "Die Sperre von vor zwei Jahren sei falsch gewesen, das soll neu geprüft werden.",
        ),
        near=(
            "von damals", "damalig*", "seinerzeit",
            "(alte|alten|alter|früher*|vergangen*) (bescheid*|entscheid*|bewilligung*)", "bestandskräftig*",
            "unanfechtbar*", "rechtskräftig*", "für die vergangenheit", "rückwirkend*",
            "frist … (verpasst|versäumt)", "bescheid* … (aus|von|vom|ab|für) … (20##|letzte* jahr|vorletzt*)",
            "von vor … jahr*", "damals falsch", "längst durch",
            "(aus|von|vom) (sommer|herbst|winter|frühjahr|dem jahr) 20##", "nicht (angefochten|gewehrt)",
            "vor (zwei|drei|vier|# ) jahren",
        ),
        unless=("hausarbeit",),
        but=("Bitte prüfen Sie meinen Antrag.",),
    ),
    # Dienstaufsichtsbeschwerde (K7; GER-7, PAN-7, GERA-27): how somebody behaved, not what was decided
    Sign(
        Label.CONDUCT,
        (
            "dienstaufsicht*", "dienstrechtlich*", "disziplinar*", "beleid*", "angeschrien", "anschrei*", "schrie",
            "schreit", "angebrüllt", "anbrüll*", "brüllt*", "angeschnauzt", "angeblafft", "angepflaumt",
            "angefahren", "angemacht", "beschimpf*", "droht*", "gedroht", "bedroht*", "drohung*", "eingeschüchter*",
            "einschüchter*", "demütig*", "gedemütigt", "entwürdig*", "würdelos*", "menschenunwürdig*",
            "menschenverachtend*", "erniedrig*", "herablassend*", "von oben herab", "respektlos*", "unverschämt*",
            "frech", "freche", "frechheit … gesagt", "pampig*", "patzig*", "schnippisch*", "arrogant*",
            "überheblich*", "hochnäsig*", "abfällig*", "zynisch*", "spöttisch*", "höhnisch*", "hämisch*",
            "ausgelacht", "gelacht", "lachen wenn", "lacht", "lachte", "gekichert", "gegrinst", "grinst*",
            "gelästert", "verspott*", "lustig gemacht", "lustig macht", "nachgeäfft", "nachgemacht", "macht meine",
            "rassist*", "zigeuner*", "neger*", "kanak*", "fremdenfeind*", "ausländerfeind*", "kopftuch", "hautfarbe",
            "deutsch lernen", "diskrimin*", "sexist*", "sexuell*", "belästig*", "anzüglich*", "begrapsch*",
            "betatsch*", "angefasst", "angestarrt", "gepackt", "geschubst", "gestoßen", "geschlagen", "faust auf",
            "schikan*", "mobb*", "unterstell*", "ton vergriffen", "unhöflich*", "unfreundlich*", "rüde*", "ruppig*",
            "barsch*", "schroff*", "abgekanzelt", "angeherrscht", "heruntergemacht", "niedergemacht",
            "lächerlich gemacht", "schmarotzer*", "faulpelz*", "faulenzer*", "asozial*", "penner", "idiot*",
            "versager*", "lügner*", "schlampe", "zicke", "geduzt", "duzt mich",
        ),
        (
            "Der Mitarbeiter hat mich angeschrien und mit der Faust auf den Tisch gehauen.",
            "Frau in Zimmer 7 immer lachen wenn ich spreche. Sie macht meine Sprache nach.",
            "Er drohte mir, sonst finde er schon was gegen mich.",
        ),
        unless=OF_OTHERS,
        but=("Ihr Vermieter habe sie angeschrien und bedroht, weil die Miete zu spät kam.",),
    ),
    Sign(
        Label.CONDUCT,
        (
            "zu (blöd|dumm|doof|faul|dick|fett)", "(mädel|schätzchen|herzchen)", "(meine|ihre) figur", "legte … auf",
            "aufgelegt", "einfach auf*leg*", "verdreh* … augen", "augen verdreh*", "abgewunken", "abgewinkt",
            "zusammenrei*", "seufz*", "ausgedacht", "nicht ausreden", "ins wort gefallen",
            "tür … (zugeschlagen|zugeknallt)", "vor der nase",
            "(ein|einen|einem|eine|letzten) (dreck|hund|tier|verbrecher*|bettler*)", "wie (dreck|luft|abschaum)",
            "mensch zweiter", "keinen cent mehr", "privat (geschrieben|angeschrieben|angerufen)",
            "essen (gehe|gehen|gehst)", "genervt (ab|an|die|mit)*", "weniger kinder", "(rede*|spreche*) nicht mit",
            "clown", "rausgeworfen", "rausgeschmissen", "hinausgeworfen", "stellen sie sich nicht so",
            "stell dich nicht so", "keine zeit für (mich|sie|so)", "dafür hab* ich keine zeit", "angst … nein",
            "schnauze", "halt den mund", "halten sie den mund", "selber schuld", "selbst schuld",
            "hand auf (mein*|die)", "gesagt ich (soll|solle|sei) (halt|doch|erst|mich|faul|zu|selbst)",
            "nannte mich", "mich … genannt", "handy gespielt", "kaugummi", "geschmunzelt", "gegähnt",
        ),
        (
            "Er fragte mich, ob ich zu blöd für ein Formular sei, und legte auf.",
            "Die Beraterin hat genervt abgewunken: „Dafür hab ich keine Zeit.“",
            "DIE DAME AM EMPFANG SAGTE, ER SOLL SICH ZUSAMMENREISSEN",
            "Mein Berater macht Bemerkungen über meine Figur und hat mir privat geschrieben.",
        ),
        unless=OF_OTHERS,
        but=("Ich will niemandem etwas vorwerfen, die Leute an der Theke waren höflich.",),
    ),
    # Datenschutz (K11; GERA-15, PAN-11)
    Sign(
        Label.DATA_PROTECTION,
        (
            "datenschutz*", "daten schutz", "dsgvo", "ds gvo", "sozialgeheimnis*", "schweigepflicht*",
            "verschwiegenheit*", "akteneinsicht*", "datenleck*", "datenpanne*", "sozialdaten", "(artikel|art) 15",
            "daten … lösch*", "lösch* … daten", "auskunft … daten", "gespeichert*", "vertraulich*", "diskretion",
            "einwilligung", "einsicht in (meine|die) akte", "gesundheitsdaten",
        ),
        (
            "Das verletzt den Datenschutz.",
            "Gemäß Artikel 15 DSGVO bitte ich um Auskunft, welche Daten Sie gespeichert haben.",
            "Namens meiner Mandantschaft beantrage ich Akteneinsicht nach § 25 SGB X.",
        ),
    ),
    Sign(
        Label.DATA_PROTECTION,
        (
            f"({ABOUT_ME}) ({PAPERS}) … ({GIVEN})", f"({ABOUT_ME}) * ({PAPERS}) … ({GIVEN})",
            f"({GIVEN}) … ({ABOUT_ME}) ({PAPERS}) … (an|vor|meinem|weiter|verrat*)",
            f"({ABOUT_ME}) ({PAPERS}) (an|gegeben an) (mein*|den|die|das|fremde*|jemand*|eine*|einen)",
            "(meinem|meiner|meine) (vermieter*|arbeitgeber*|chef*|ex*|nachbar*|mann|frau) … (gesagt|"
            "erzählt|mitgeteilt|informiert)",
            "woher (weiß|wissen|wusste|haben) …",
        ),
        (
            "Meine Daten wurden einfach an den Vermieter weitergegeben.",
            "Sie haben meine Adresse gegeben an mein Ex Mann.",
            "Beim letzten Hinweis haben Sie ihm meinen Namen verraten.",
        ),
        unless=(
            "(ich|wir) (habe*|schick*|reich*|hatte*|sende*) … (meine|unsere|die|den)", "bitte … sie mir",
            "(hochgeladen|abgegeben)",
        ),
        but=("Ich habe meine Unterlagen schon dreimal geschickt.",),
    ),
    Sign(
        Label.DATA_PROTECTION,
        (
            "von jemand (anderem|fremdem)",
            "(eines|einer|von) (anderen|fremden|wildfremden|anderer) (kund*|person*|familie|"
            "antragsteller*|leuten|frau|mann|bürger*|leistungs*)",
            "(fremde|fremder|fremden|fremdes) (unterlagen|bescheid*|brief*|"
            "akte*|daten|post|name*|konto*|schreiben)", "hausnummer # statt", "(an die|ans) falsche*",
            "(falsche|falschen|falscher) (adresse|anschrift|empfänger|hausnummer|person|umschlag)",
            "liegen gelassen", "liegenlassen", "liegengelassen", "in (meine|die|seine|ihre) akte (ge*|rein*)",
            "ohne (mich|uns|ihn|sie) zu fragen",
            "ohne (meine|unsere|seine|ihre|mein|unser) … (einwilligung|zustimmung|wissen|erlaubnis|"
            "einverständnis|genehmigung)",
            "nie freigegeben", "nicht freigegeben",
            "(laut|vor allen|vor anderen|im flur|im warteraum|im wartebereich|"
            "bürgerversammlung) … (gerufen|vorgelesen|erwähnt|"
            "erzählt|ausgesprochen|ausgerufen)", "geht … niemand* (was|etwas) an", "mitgehört", "mithör*",
            "mitlesen", "wer hat die jetzt", "für alle (sichtbar|lesbar|hörbar)",
            "offen (auf|am|im) … (tresen|tisch|schalter|drucker|kopierer)",
            "(umschlag|brief) … (andere|anderen|fremde) (frau|person|familie|mann)",
        ),
        (
            "Die Unterlagen seien in einem Ordner, den ein Mitarbeiter in der Straßenbahn liegen gelassen hat.",
            "Im Postfach sehe ich die Nachrichten von jemand anderem, mit Geburtsdatum.",
            "Sie haben meinen Antrag an die Hausnummer 17 statt 71 geschickt.",
            "Eine Mitarbeiterin hat in meine Akte geschaut, obwohl sie nicht zuständig ist.",
        ),
    ),
    # Korruptionsverdacht (K12; BLOG-4, GERA-15)
    Sign(
        Label.CORRUPTION,
        (
            "korrupt*", "korruption*", "bestech*", "bestochen", "bestechlich", "schmiergeld*", "schmier*",
            "compliance", "vetternwirtschaft", "klüngel*", "filz", "unter der hand", "scheinchen", "kickback*",
            "vorteilsnahme", "vorteilsannahme", "befangen*", "unvereinbar*", "offenes geheimnis",
            "interessenkonflikt*", "gefälligkeit*", "(ausgeschrieben|ausschreibung) … (nie|nicht|kein*)",
            "unter einer decke", "privathaus", "vermietet selbst", "verkauft … selbst",
            "lässt sich … (bezahl*|schenk*|einlad*|sauber|renovier*|beschenk*)", "steckt … in die tasche",
        ),
        (
            "Der Mitarbeiter ist bestechlich.",
            "Hier läuft viel unter der Hand.",
            "Ein Sachbearbeiter vermietet selbst vier Wohnungen an Leistungsempfänger.",
            "Es ist ein offenes Geheimnis, wem der Bildungsträger gehört.",
        ),
        but=("Dass zu Weihnachten kleine Geschenke für die Kinder verteilt wurden, habe ich erst hinterher gelesen.",),
    ),
    Sign(
        Label.CORRUPTION,
        (f"({KIN}) (der|des|von|vom|ihrer|ihres|seiner|einer|eines) ({OFFICE_HEAD})",),
        ("Der Bruder der Teamleiterin leitet den Bildungsträger, zu dem fast alle geschickt werden.",),
        near=("träger", "bildungsträger*", "firma", "kurs*", "maßnahme*", "honorar*", "auftrag*", "aufträge",
              "geschickt", "zugewiesen", "wohnung*", "stelle", "eingestellt", "betrieb", "leitet",
              "gehört", "bevorzugt", "immer"),
    ),
    Sign(
        Label.CORRUPTION,
        (
            "geschenk*",
            "bargeld",
            "in bar",
            "bar",
            "umschlag",
            "euro",
            "geld",
            "schein*",
            "flasche*",
            "trinkgeld",
            "kaffee",
        ),
        (
            "Mir hat ein Mitarbeiter angeboten, für 200 Euro bar die Umschulung zu beschleunigen.",
            "Sein Cousin habe einer Mitarbeiterin Bargeld für die Anerkennung einer Wohnung gegeben.",
        ),
        near=(
            f"({STAFF}|jobcenter|zimmer) … (angeboten|verlangt|beschleunig*|schneller|bevorzugt|zugesteckt|dafür)",
            f"({STAFF}) … (bargeld|geschenk*|umschlag)", f"(zugesteckt|gesteckt|geschenkt) … ({STAFF})",
            "macht … schnell*", "(bargeld|geld) … (gegeben|bezahlt) … (damit|für)", "gibt geschenk",
        ),
        unless=("geschenke für die kinder", "als lohn", "rückforder*", "überzahl*", "bescheid*", "fehlen mir",
                "schwarz*", "ohne rechnung", "bezieh*"),
    ),
    # Leistungsmissbrauch (K12)
    Sign(
        Label.BENEFIT_FRAUD,
        (
            "leistungsmissbrauch*", "leistungsbetrug*", "sozialbetrug*", "sozialbetrüger*", "schwarzarbeit*",
            "schwarz", "schwarz arbeit*", "(auf|uff|in) die hand", "ohne rechnung*", "ohne anmeldung",
            "nicht angemeldet", "nebenbei", "nebenher", "erschleich*", "erschlichen", "abzock*", "betrüg*",
            "betrog*", "kassiert*", "verschweigt", "heimlich*", "vorgetäuscht*",
        ),
        (
            "Mein Nachbar arbeitet schwarz.",
            "Er arbeite jedes Wochenende als Türsteher bar auf die Hand und beziehe ALG I.",
        ),
        near=(
            "bezieh*", "bekomm*", "krieg*", "kriecht", "leistung*", "alg", "bürgergeld", "stütze", "stütz", "hartz",
            "vom amt", "von ihnen", "bei ihnen", "arbeitslos*", "melde*", "hinweis*", "anonym*", "zahlt em", "geld",
            "arbeitet", "arbeite", "missbrauch", "betrug", "leistungsmissbrauch*", "sozialbetrug*", "schwarzarbeit*",
        ),
        unless=("schwarzfahr*", "schwarzes brett", "allgemein für", "schwarz auf weiß"),
    ),
    Sign(
        Label.BENEFIT_FRAUD,
        (
            "bezieh* … (geld|leistung*|alg|bürgergeld|stütze|arbeitslosengeld)", "meldet sich (arbeitslos|krank)",
            "als (arbeitslos*|arbeitsos*) geführt", "(kriegt|bekommt) … vom amt", "vom amt (die|seine|ihre) miete",
            "macht krank", "lebt … (zusammen|gar nicht)", "wohnt (gar|schon|überhaupt|längst) nicht",
            "bezieht weiter*", "bescheinigung … #",
        ),
        (
            "Mein Sohn bezieht Geld von Ihnen und wohnt gar nicht mehr in der Wohnung.",
            "Mein Ex meldet sich arbeitslos und fährt gleichzeitig Taxi.",
        ),
        near=(
            "arbeitet*", "fährt", "mitfährt", "taxi", "türsteher", "gar nicht mehr", "weitervermiet*",
            "untervermiet*", "ohne rechnung", "streicht", "strischt", "bar", "verdient", "verdiene", "jobbt",
            "putzt", "baustelle", "hinweis", "melde", "melden", "gleichzeitig", "nebenher", "nebenbei", "schwarz",
            "firma", "tatsächlich", "in wahrheit", "in wirklichkeit", "ausland",
        ),
    ),
    # Ordnungswidrigkeit (K12)
    Sign(
        Label.REGULATORY_OFFENCE,
        (
            "bußgeld*", "ordnungswidrig*", "owig", "mindestlohn*", "mindest lohn", "zoll", "jugendschutz*",
            "jugendarbeitsschutz*", "arbeitsschutz*", "arbeitszeitgesetz*",
            "ohne (pause*|helm*|vertrag|arbeitsvertrag|schutz*)",
            "(keine|gar keine) (pause*|erlaubnis|lohnabrechnung*|konzession)", "lohnabrechnung* (gebe|gibt)",
            "gewerbeaufsicht*", "ausbeut*", "sozialabgaben", "lohndump*", "nicht (sozialversichert|versichert)",
            "arbeitnehmerüberlassung … ohne",
        ),
        (
            "Das ist eine Ordnungswidrigkeit.",
            "In der Gebäudereinigung müssten alle 10 Stunden ohne Pause arbeiten.",
            "Gegen mich wurde ein Bußgeldverfahren eingeleitet.",
        ),
    ),
    Sign(
        Label.REGULATORY_OFFENCE,
        ("# euro (in der|die|pro|je) stunde", "stundenlohn", "überstunden", "lohn", "zahlt … (nix|nichts)",
         "stunden … (ohne|am stück)", "nachts", "verleih*", "kellnern", "azubi*"),
        (
            "Im Imbiss bekomme ich 8 Euro in der Stunde und für Überstunden nichts.",
            "Nagelbude am Markt zahlt Azubis NIX.",
        ),
        near=("firma", "imbiss", "betrieb*", "spedition", "restaurant", "gastst*", "hotel", "arbeitgeber", "nagelbude",
              "bude", "laden", "reinigung", "unternehm*", "anzeig*", "dagegen vor", "zoll"),
        unless=("erwerbstätig*", "freibetrag", "anrechn*", "angerechnet", "bescheid*", "zuschuss"),
    ),
    # Gegen die Geschäftsführung (K7; PAN-7)
    Sign(
        Label.AGAINST_MANAGEMENT,
        (
            "geschäftsführ*", "geschäftsleitung", "agenturleit*", "amtsleit*", "jobcenterleit*", "behördenleit*",
            "dienststellenleit*",
            "(leiter|leiterin) (der|des|ihrer|ihres|vom) (agentur|jobcenter*|amt*|haus*|behörde|arbeitsamt*)",
            "(leiter|leiterin) ihrer agentur",
            "leitung (des|der|ihres|ihrer) (jobcenter*|haus*|agentur|amt*|behörde)",
            "(große|großer|oberste|oberster|höchste|der|die|den|ihr|ihrem|ihren) (chef|chefin|direktor*)",
            "chefetage", "direktor*", "trägerversammlung", "bei ihrem träger",
        ),
        (
            "Ich beschwere mich ausdrücklich über die Geschäftsführerin.",
            "Ihr Agenturleiter hat im Interview gesagt, Arbeitslose seien eine Frage der Einstellung.",
            "Wir fordern die Trägerversammlung auf, das zu rügen.",
        ),
        unless=("an (die|den|unsere) geschäftsführ*", "an (die|den) geschäftsleitung", "gmbh", "mein chef", "firma*",
                "schuldirektor*", "schulleit*", "handwerk*", "museum*"),
        but=("Ich schreibe an die Geschäftsführung.",),
    ),
    # Fachaufsichtsbeschwerde (K8; GERA-15): how somebody works, for whoever is above them
    Sign(
        Label.SUPERVISION,
        (
            "fachaufsicht*", "arbeitsweise", "jemand … drüber (gucken|schauen|sehen)",
            "drüber (gucken|schauen|sehen)", "der über (ihm|ihr) steht",
            "vorgesetzt* (verlang*|sprechen|soll*|möge|muss)", "(verlang*|will|möchte|wünsch*) … vorgesetzt*",
            "sachbearbeitung (zu|) sorgen", "(weisen|weiisen) sie", "anweisen", "dienstlich* weisung",
        ),
        (
            "Hiermit erhebe ich Fachaufsichtsbeschwerde.",
            "Bitte weisen Sie ihn an, meine Akte zu lesen.",
            "Er will, dass der Teamleiter ihre Arbeitsweise prüft.",
        ),
        unless=("überweisen sie", "zuweis*"),
    ),
    Sign(
        Label.SUPERVISION,
        ("vorgesetzt*", "teamleit*", "abteilungsleit*", "bereichsleit*", "gruppenleit*", "leitung"),
        ("Ich bitte die Teamleitung, die Arbeit von Herrn Quast zu überprüfen.",),
        near=(
            "arbeit", "arbeitet", "arbeiten", "prüf*", "überprüf*", "kontrollier*", "anweis*",
            "stellung (zu|) nehmen", "korrigier*", "erklär*", "schulen", "nachschul*", "auf die finger",
            "einschreit*", "fehler", "nicht richtig", "richtigzustellen", "ordnungsgemäß*",
        ),
        unless=("compliance", "korrupt*", "privathaus", "rücksprache"),
    ),
    # Lob, Anregung, ein Wunsch, der mit einem Anruf erledigt ist
    Sign(
        Label.PRAISE,
        (
            "(großes|dickes|ein|mein) lob", "lob (an|für)", "loben",
            "vielen (dank|herzlichen dank) (für|dass|an|nochmal)", "(danke|dank) (für|dass|an) …", "dankeschön",
            "bedank*", "herzlich* dank", "dank … aus", "ein schatz", "a schatz", "vergelt's gott",
            "super (nett*|team|hilfe|service|freundlich|neet*)", "weiter so", "daumen hoch", "klasse", "großartig*",
            "hervorragend*", "vorbildlich*", "sehr (freundlich|hilfsbereit|nett|kompetent)", "den hut",
            "(herzlich|lieb) grüßen", "hat mir (sehr|wirklich|toll) geholfen", "bestens", "spitze", "top",
            "richtig gut", "kompliment", "begeistert", "weiterempfehl*",
        ),
        (
            "Vielen Dank für die freundliche Beratung!",
            "Des muass i aa amoi sogn: de Frau Obermüllner is a Schatz. Vergelt's Gott!",
            "Super nettes Team am Empfang, weiter so!",
        ),
        unless=(
            "danke für (gar|) (nichts|nix)", "für gar nichts", "fuer nichts", "glückwunsch", "kontoausz*", "hausnummer",
            "(vorab|im voraus)", "leider", "witz", "großes kompliment",
        ),
        but=("Danke für gar nichts. Automat frisst Geld.", "danke fuer nichts"),
    ),
    Sign(
        Label.SUGGESTION,
        (
            "(mein|ein|als) vorschlag", "vorschlag", "vorschlagen", "schlägt vor", "schlage vor", "anregung*",
            "rege an", "regt an", "idee", "man könnte", "könnte man",
            "wäre* … (schön|perfekt|gut|hilfreich|toll|sinnvoll|super)", "(stellt|macht|hängt) doch",
            "machen sie doch", "hängen sie", "schaffen sie", "lassen sie (wenigstens|doch)", "bitte machen sie",
            "führen sie … ein", "wünschenswert", "besser wäre", "wie wäre es", "warum gibt es (nicht|kein*)",
            "wieso gibt es kein*",
        ),
        (
            "Mein Vorschlag: Verschicken Sie am Tag vor dem Termin eine SMS.",
            "Stellt doch einen Kopierer für Kunden in den Flur.",
            "Wenn man mehrere Fotos hochladen könnte, wäre sie perfekt.",
        ),
        unless=("vorschläge aus", "stellenvorschl*", "vermittlungsvorschl*", "compliance", "vorschlag #", "termin*"),
    ),
    Sign(
        Label.SUGGESTION,
        ("mein vorschlag", "schlägt vor"),
        ("Mein Vorschlag: Verschicken Sie am Tag vor dem Termin eine SMS.",),
    ),
    Sign(
        Label.SETTLED_WISH,
        (
            "rückruf*", "zurück*ruf*", "zurückzurufen", "ruf* … (zurück|zruck|an)", "ruafts … zruck", "anrufen",
            "anruf", "angerufen", "gesprächstermin*", "termin*", "persönliches gespräch", "beratungsgespräch",
        ),
        (
            "Kd. bittet um Rückruf durch Frau Wernicke.",
            "Ich hätte gern einen persönlichen Termin bei meiner Arbeitsvermittlerin.",
        ),
        near=("bitt*", "möcht*", "hätt*", "wünsch*", "wunsch", "könnt*", "gern*", "vereinbar*", "vorschlag"),
        unless=(
            "zugesagt", "versprochen", "abgesagt", "verschoben", "nie einer", "trotz termin", "vierten",
            "nicht (erreich*|zurück*)", "beschwer*", "ärger*", "genervt", "bescheid*", "widerspruch", "sms",
            "verges*", "tag vor dem termin", "drucken", "statt", "habe ich angerufen", "wollte anrufen",
        ),
        but=("Kd. beklagt, dass ihm dreimal ein Rückruf zugesagt wurde und nie einer kam.",),
    ),
    # Anfrage an den Fachbereich (K9; GERA-15, PAN-8): a question that judges nothing
    Sign(
        Label.INQUIRY,
        (
            "welche (unterlagen|formulare|nachweise|voraussetzung*|frist*)", "wo kann (ich|man)",
            "wo (finde|bekomme|beantrage) ich", "wie lange dauert", "wie viele* (darf|jahre|kann)",
            "gibt es bei ihnen", "möchte wissen (ob|wie|wo|wann|welche)", "wollte (nur|) (fragen|wissen)",
            "fragt (ob|wer|wo|wie|wann|nach|welche)", "erkundigt sich", "anfrage", "mitteilung des sach*",
            "sachstand*", "hätte gern gewusst", "gerne wissen", "bitte um (auskunft|information*|mitteilung)",
            "bitte ich … um mitteilung", "auskunft (darüber|ob)", "können sie mir sagen", "ich habe eine frage",
            "frage", "würde … (eintreten|zählen|bekommen|gelten)", "eintreten oder", "allgemeine auskunft",
            "ist es möglich",
        ),
        (
            "Bitte um Auskunft, wann die Zahlung kommt.",
            "Wo kann man bei Ihnen Schwarzarbeit melden?",
            "Kundin möchte wissen, ob die Elternzeit angerechnet wird.",
            "Wie lange dauert es, bis über einen Antrag entschieden wird?",
        ),
        unless=("artikel 15", "dsgvo", "gespeichert", "vorgesetzt*", "der frage", "keine frage", "bei frage",
                "frage der", "frage mich", "akteneinsicht"),
    ),
)  # fmt: skip

# Words so often mistyped in what people send that a slip of the keys in them is read over.
OFTEN_MISTYPED = (
    "widerspruch", "widerspruchsbescheid", "bescheid", "einspruch", "überprüfungsantrag", "sozialgericht",
    "ablehnung", "abgelehnt", "sperrzeit", "rückforderung", "berechnung", "nachzahlung", "datenschutz",
    "dienstaufsicht", "fachaufsicht", "beleidigt", "angeschrien", "beschimpft", "schwarzarbeit", "mindestlohn",
    "bußgeld", "korruption", "geschäftsführer", "geschäftsführung", "einverstanden", "vorgesetzte", "teamleitung",
    "vorschlag", "überstunden", "unberechtigt", "akteneinsicht", "schwarz",
)  # fmt: skip
MEANT_AS_THEY_ARE = ("beschein",)  # the beginnings of other words, one letter off
SENTENCES_AROUND = 3


@dataclass(frozen=True)
class Folded:
    """A text as the table reads it, and where each of its letters stood in the original."""

    text: str
    places: tuple[int, ...]

    def original(self, start: int, end: int, text: str) -> str:
        """The words of the original between two places of the folded text."""
        return " ".join(text[self.places[start] : self.places[end - 1] + 1].split())

    @cached_property
    def sentences(self) -> list[tuple[int, int]]:
        """Where each sentence begins and ends."""
        ends = [match.end() for match in re.finditer(r"(?<!\d)[.!?;](?=\s|$)|\n\s*\n", self.text)]
        bounds = [0, *ends, len(self.text)]
        return [(start, end) for start, end in zip(bounds, bounds[1:], strict=False) if self.text[start:end].strip()]


@dataclass(frozen=True)
class Found:
    """What a text may be, with the words that say so."""

    label: Label
    words: tuple[str, ...]


def read(text: str) -> tuple[Found, ...]:
    """Everything the words point to, in the order of the table; each word once."""
    folded = fold(text)
    words: dict[Label, dict[str, None]] = {}
    for sign in SIGNS:
        if sign.near and sign.label in words:
            continue
        for found in _matches(sign, folded, text):
            words.setdefault(sign.label, {})[found] = None
    return tuple(Found(label, tuple(words[label])) for label in Label if label in words)


def labels(text: str) -> frozenset[Label]:
    return frozenset(found.label for found in read(text))


def fold(text: str) -> Folded:
    """Without capitals, accents and the ways to write an umlaut; slips in the words often mistyped are mended."""
    letters: list[str] = []
    places: list[int] = []
    for place, letter in enumerate(text):
        for part in unicodedata.normalize("NFKD", "ss" if letter == "ß" else letter.lower()):
            if unicodedata.combining(part) or (
                part == "e" and letters and letters[-1] in "aou" and places[-1] == place - 1
            ):
                continue
            letters.append("'" if part == "’" else part)
            places.append(place)
    return _mended("".join(letters), places)


def _mended(text: str, places: list[int]) -> Folded:
    pieces: list[str] = []
    at: list[int] = []
    last = 0
    for match in re.finditer(r"[a-z]{6,}", text):
        meant = _meant(match.group())
        if meant is None:
            continue
        start, end = match.span()
        pieces += [text[last:start], meant]
        of_word = places[start:end]
        kept = [of_word[min(place, len(of_word) - 1)] for place in range(len(meant) - 1)]
        at += [*places[last:start], *kept, of_word[-1]]
        last = end
    return Folded("".join([*pieces, text[last:]]), tuple([*at, *places[last:]]))


@cache
def _meant(word: str) -> str | None:
    """The word that was meant, where one letter is wrong, too many, missing or swapped; None where it is right."""
    if word.startswith((*_stems(word[0]), *MEANT_AS_THEY_ARE)):
        return None
    for stem in _stems(word[0]):
        for length in (len(stem), len(stem) + 1, len(stem) - 1):
            if len(word) >= length and _one_slip(word[:length], stem):
                return stem + word[length:]
    return None


@cache
def _stems(first: str) -> tuple[str, ...]:
    stems = {_letters(word) for word in OFTEN_MISTYPED}
    return tuple(sorted((stem for stem in stems if stem[0] == first), key=len, reverse=True))


def _one_slip(word: str, stem: str) -> bool:
    """Whether one letter more, less, other, or two swapped make the one the other."""
    start = next((n for n, (a, b) in enumerate(zip(word, stem, strict=False)) if a != b), min(len(word), len(stem)))
    rest, meant = word[start:], stem[start:]
    swapped = meant[1:2] + meant[:1] + meant[2:] if len(meant) > 1 else ""
    return rest in (meant, swapped) or rest[1:] in (meant, meant[1:]) or rest == meant[1:]


def _matches(sign: Sign, folded: Folded, text: str) -> Iterator[str]:
    words, near, unless = _pattern(sign.words), _pattern(sign.near), _pattern(sign.unless)
    sentences = folded.sentences
    for number, (start, end) in enumerate(sentences):
        if unless and unless.search(folded.text, start, end):
            continue
        for match in words.finditer(folded.text, start, end) if words else ():
            beside = ""
            if near:
                first, last = (
                    sentences[max(0, number - SENTENCES_AROUND)],
                    sentences[number:][: SENTENCES_AROUND + 1][-1],
                )
                other = near.search(folded.text, first[0], last[1])
                if other is None:
                    break
                beside = folded.original(*other.span(), text)
            said = folded.original(*match.span(), text)
            if beside and said not in beside and beside not in said:
                said = f"{said} … {beside}"
            yield max(said, beside, key=len)
            if near:
                return


@cache
def _pattern(phrases: tuple[str, ...]) -> re.Pattern[str] | None:
    if not phrases:
        return None
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(_as_regex, phrases))})(?!\w)")


def _as_regex(phrase: str) -> str:
    """A phrase of the table as a regular expression over folded text."""
    found = _letters(phrase)
    found = found.replace("(", "(?:").replace("*", r"\w*").replace("#", r"\d[\d.,]*")
    found = found.replace(" … ", "@").replace(" …", "").replace(" ", r"\W+")
    return found.replace("@", r"(?:\W+[\w']+){0,6}?\W+")


def _letters(text: str) -> str:
    """As `fold`, of a phrase of the table."""
    plain = unicodedata.normalize("NFD", text.replace("ß", "ss"))
    return re.sub(r"([aou])e", r"\1", "".join(part for part in plain if not unicodedata.combining(part)))
