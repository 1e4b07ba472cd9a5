"""The words of generated cases: names, places, what people write about each topic, and how it ended."""

FIRST_NAMES = {
    "ms": (
        "Aylin", "Sabine", "Katrin", "Irina", "Ruth", "Olena", "Lena", "Małgorzata", "Petra", "Nadine", "Fatma", "Ute",
        "Jasmin", "Anja", "Birgit", "Claudia", "Derya", "Elif", "Franziska", "Gabriele", "Heike", "Ines", "Johanna",
        "Kerstin", "Larissa", "Monika", "Nicole", "Oxana", "Renate", "Silke", "Tatjana", "Ursula", "Vera", "Zeynep",
    ),
    "mr": (
        "Thomas", "Henning", "Paul", "Emre", "Mehmet", "Jürgen", "Đorđe", "Uwe", "Andreas", "Bernd", "Christian",
        "Dieter", "Erik", "Frank", "Georgios", "Holger", "Igor", "Jan", "Karl-Heinz", "Lars", "Michael", "Norbert",
        "Oliver", "Piotr", "Ralf", "Stefan", "Torsten", "Udo", "Viktor", "Wolfgang", "Yusuf", "Mirko", "René",
    ),
}  # fmt: skip
LAST_NAMES = (
    "Müller", "Schmidt", "Schneider", "Fischer", "Weber", "Meyer", "Wagner", "Becker", "Schulz", "Hoffmann", "Schäfer",
    "Koch", "Bauer", "Richter", "Klein", "Wolf", "Schröder", "Neumann", "Schwarz", "Zimmermann", "Braun", "Krüger",
    "Hofmann", "Hartmann", "Lange", "Schmitt", "Werner", "Krause", "Lehmann", "Köhler", "Maier", "Herrmann", "König",
    "Walter", "Mayer", "Huber", "Kaiser", "Fuchs", "Peters", "Lang", "Scholz", "Möller", "Weiß", "Jung", "Hahn",
    "Schubert", "Vogel", "Friedrich", "Keller", "Günther", "Frank", "Berger", "Winkler", "Roth", "Beck", "Lorenz",
    "Baumann", "Franke", "Albrecht", "Schuster", "Simon", "Ludwig", "Böhm", "Winter", "Kraus", "Martin", "Schumacher",
    "Krämer", "Vogt", "Stein", "Jäger", "Otto", "Sommer", "Groß", "Seidel", "Heinrich", "Brandt", "Haas", "Schreiber",
    "Graf", "Schulte", "Dietrich", "Ziegler", "Kuhn", "Kühn", "Pohl", "Engel", "Horn", "Busch", "Bergmann", "Voigt",
    "Sauer", "Arnold", "Wolff", "Pfeiffer", "Yılmaz", "Kaya", "Demir", "Şahin", "Çelik", "Öztürk", "Nowak", "Kowalski",
    "Wiśniewski", "Petrović", "Jovanović", "Kovalenko", "Shevchenko", "Ivanov", "Popescu", "Nguyen", "Tran", "Hassan",
    "Al-Ahmad", "Haddad", "Papadopoulos", "Rossi", "Santos", "Niemeyer", "Brüggemann", "Grünwald", "Maßmann",
)  # fmt: skip
STREETS = (
    "Lindenstraße", "Am Anger", "Schulgasse", "Bahnhofstraße", "Kiefernweg", "Hauptstraße", "Gartenweg", "Feldstraße",
    "Marktplatz", "Rosenweg", "Bergstraße", "Goethestraße", "Ringstraße", "Kirchweg", "Mühlenstraße", "Birkenallee",
)  # fmt: skip

# topic of the demo catalogue: share of the Anliegen of its nature, subjects, what people write
TOPICS: dict[str, tuple[int, tuple[str, ...], tuple[str, ...]]] = {
    "Bearbeitungsdauer": (
        20,
        ("Lange Bearbeitung des Antrags", "Seit Wochen keine Antwort auf meinen Antrag", "Antrag noch immer offen"),
        ("Den Antrag habe ich vor {n} Wochen gestellt und seitdem nichts gehört.",
         "Auf meine Unterlagen kam in {n} Wochen keine Reaktion; die Miete ist zum Ersten fällig."),
    ),
    "Höhe und Berechnung": (
        9,
        ("Berechnung nicht nachvollziehbar", "Weniger Geld als im Vormonat"),
        ("Ich bekomme {n}0 Euro weniger als im Vormonat und verstehe nicht, warum.",
         "Mein Einkommen wurde falsch angerechnet; darauf habe ich {n} Mal hingewiesen."),
    ),
    "Auszahlung": (
        8,
        ("Zahlung nicht eingegangen", "Nachzahlung lässt auf sich warten"),
        ("Die Zahlung sollte vor {n} Tagen auf dem Konto sein.", "Seit {n} Wochen warte ich auf die Nachzahlung."),
    ),
    "Unterlagen, Verlust": (
        9,
        ("Unterlagen mehrfach angefordert", "Eingereichte Unterlagen nicht auffindbar"),
        ("Meine Kontoauszüge habe ich {n} Mal abgegeben. Jetzt sollen sie wieder fehlen.",
         "Die Unterlagen habe ich gegen Stempel abgegeben; angeblich sind sie nicht da."),
    ),
    "Kosten der Unterkunft": (
        8,
        ("Nebenkosten nicht berücksichtigt", "Umzug: keine Entscheidung"),
        ("Die Nebenkostenabrechnung wurde nicht berücksichtigt.",
         "Der Vermieter wartet seit {n} Wochen auf die Zusage."),
    ),
    "Aufrechnung und Erstattung": (
        3, ("Aufrechnung ohne Erklärung",),
        ("Von der Leistung werden {n}0 Euro einbehalten, ohne dass ich weiß, wofür.",)
    ),
    "Minderung": (
        4, ("Minderung trotz Entschuldigung",),
        ("Den Termin hatte ich abgesagt und trotzdem wurde die Leistung gemindert.",)
    ),
    "Termine": (
        6,
        ("Termin trotz Absage", "Kein Termin zu bekommen"),
        ("Ich hatte den Termin wegen meines Kindes abgesagt und trotzdem eine Anhörung bekommen.",
         "Der nächste freie Termin ist in {n} Wochen."),
    ),
    "Angebot": (
        4, ("Unpassende Stellenangebote",), ("Ich habe {n} Vorschläge bekommen, die nicht zu meinem Beruf passen.",)
    ),
    "Maßnahme": (
        5,
        ("Zweimal dieselbe Maßnahme", "Maßnahme ohne Absprache"),
        ("Diesen Kurs habe ich schon besucht und soll noch einmal hin.",
         "Ich wurde für eine Maßnahme angemeldet, von der ich nichts wusste."),
    ),
    "Förderung": (
        4, ("Umschulung abgelehnt",), ("Die Umschulung wurde mündlich zugesagt und nach {n} Wochen abgelehnt.",)
    ),
    "Kooperationsplan": (2, ("Kooperationsplan",), ("Im Kooperationsplan steht etwas anderes, als besprochen war.",)),
    "Freundlichkeit": (
        58,
        ("Ton im Gespräch", "Unfreundliche Behandlung am Empfang"),
        ("Im Gespräch hieß es, ich solle mich nicht so anstellen.",
         "Am Empfang wurde ich vor allen anderen zurechtgewiesen."),
    ),
    "Kompetenz": (
        34,
        ("Falsche Auskunft", "Drei Auskünfte, drei Antworten"),
        ("Ich habe {n} Mal gefragt und jedes Mal eine andere Auskunft bekommen.",
         "Die Auskunft war falsch, deshalb fehlen mir jetzt Unterlagen."),
    ),
    "Diskriminierung": (
        8, ("Abwertende Bemerkung",), ("In der Beratung fiel eine Bemerkung über meine Herkunft.",)
    ),
    "Telefon": (
        9,
        ("Kein Durchkommen am Telefon", "Niemand ruft zurück"),
        ("Nach {n} Minuten in der Warteschleife wird aufgelegt.", "{n} Mal wurde mir ein Rückruf versprochen."),
    ),
    "persönlich": (4, ("Wartezeit am Empfang",), ("Trotz Termin habe ich {n}0 Minuten gewartet.",)),
    "online": (
        4, ("Hochladen klappt nicht",),
        ("Beim Hochladen der Unterlagen kommt seit {n} Tagen eine Fehlermeldung.",)
    ),
    "Bescheide und Schreiben": (
        6, ("Bescheid ist nicht zu verstehen",),
        ("Der Bescheid hat {n} Seiten, und ich weiß trotzdem nicht, was gilt.",)
    ),
    "Abläufe": (
        5, ("Aushang veraltet", "Von Tür zu Tür geschickt"),
        ("Die Öffnungszeiten an der Tür stimmen seit Wochen nicht.",
         "Ich wurde {n} Mal an eine andere Stelle geschickt."),
    ),
    "Räume und Barrierefreiheit": (
        2, ("Rollstuhl und Eingangstür",), ("Die automatische Tür war außer Betrieb, ich stand {n}0 Minuten davor.",)
    ),
    "Gesetz und Politik": (
        2, ("Regelsätze",),
        ("Von dem Regelsatz kann man nicht leben, das sollten Sie weitergeben.",)
    ),
    "Sonstiges": (2, ("Verschiedenes",), ("Mir ist einiges aufgefallen, das Sie wissen sollten.",)),
}  # fmt: skip
BY_KIND = {
    "praise": ("Danke an das Team", "Man hat sich sehr viel Zeit genommen. Vielen Dank dafür."),
    "suggestion": ("Vorschlag", "Mein Vorschlag: Bitte hängen Sie die Wartenummern gut sichtbar auf."),
    "submission": ("Eingabe", "Mit dieser Eingabe bitte ich um Prüfung und um eine Antwort."),
    "petition": ("Petition", "Der Petitionsausschuss bittet um Stellungnahme zu der beigefügten Eingabe."),
}

FINDINGS = {
    "upheld": (
        "Die Bearbeitung hat zu lange gedauert; der Ablauf ist geändert.",
        "Die Auskunft war falsch und ist richtiggestellt.",
    ),
    "partly_upheld": (
        "Der Ablauf war richtig, die Auskunft dazu nicht.",
        "Die Entscheidung bleibt, der Ton war nicht angemessen.",
    ),
    "not_upheld": ("Die Prüfung hat keinen Fehler ergeben.", "Die Unterlagen lagen erst später vor."),
    "not_assessable": ("Der Hergang lässt sich nicht mehr feststellen.",),
}
ALTERNATIVES = "Geprüft wurden ein anderer Termin und eine Zwischenlösung; beides kam nicht in Betracht."
TALKED = "Persönlich besprochen, das Ergebnis ist erklärt."
WAIVED = "Möchte keine schriftliche Antwort; die Sache ist erledigt."
RETURNED = "Sachverhalt geklärt, Ergebnis steht in der Akte."
REST_REASON = "Die andere Stelle prüft noch."
EXTENDED_REASON = "Der Fachbereich braucht noch Unterlagen."
