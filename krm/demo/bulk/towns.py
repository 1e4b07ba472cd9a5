"""Towns that lend their names to the generated offices: letters of the number, name, postcode, area code."""

from dataclasses import dataclass

_TOWNS = {
    "NW": "K Köln 50667 0221|D Düsseldorf 40210 0211|DO Dortmund 44135 0231|E Essen 45127 0201|DU Duisburg 47051 0203|"
    "BO Bochum 44787 0234|W Wuppertal 42103 0202|BI Bielefeld 33602 0521|BN Bonn 53111 0228|MS Münster 48143 0251|"
    "MG Mönchengladbach 41061 02161|GE Gelsenkirchen 45879 0209|AC Aachen 52062 0241|KR Krefeld 47798 02151|"
    "OB Oberhausen 46045 0208|HA Hagen 58095 02331|HAM Hamm 59065 02381|PB Paderborn 33098 05251|SI Siegen 57072 0271|"
    "RE Recklinghausen 45657 02361",
    "BY": "M München 80331 089|N Nürnberg 90402 0911|A Augsburg 86150 0821|R Regensburg 93047 0941|"
    "IN Ingolstadt 85049 0841|WUE Würzburg 97070 0931|FUE Fürth 90762 0911|ER Erlangen 91052 09131|"
    "BA Bamberg 96047 0951|BT Bayreuth 95444 0921|LA Landshut 84028 0871|PA Passau 94032 0851|KE Kempten 87435 0831|"
    "RO Rosenheim 83022 08031|HO Hof 95028 09281|AB Aschaffenburg 63739 06021|SW Schweinfurt 97421 09721|"
    "WEN Weiden 92637 0961",
    "BW": "S Stuttgart 70173 0711|MA Mannheim 68159 0621|KA Karlsruhe 76133 0721|FR Freiburg 79098 0761|"
    "HD Heidelberg 69115 06221|UL Ulm 89073 0731|HN Heilbronn 74072 07131|PF Pforzheim 75172 07231|"
    "RT Reutlingen 72764 07121|KN Konstanz 78462 07531|OG Offenburg 77652 0781|LB Ludwigsburg 71638 07141|"
    "ES Esslingen 73728 0711|AA Aalen 73430 07361|RV Ravensburg 88212 0751|LOE Lörrach 79539 07621",
    "NI": "H Hannover 30159 0511|BS Braunschweig 38100 0531|OL Oldenburg 26122 0441|OS Osnabrück 49074 0541|"
    "WOB Wolfsburg 38440 05361|GOE Göttingen 37073 0551|SZ Salzgitter 38226 05341|HI Hildesheim 31134 05121|"
    "DEL Delmenhorst 27749 04221|WHV Wilhelmshaven 26382 04421|LG Lüneburg 21335 04131|CE Celle 29221 05141|"
    "EMD Emden 26721 04921|HM Hameln 31785 05151|STD Stade 21682 04141",
    "HE": "F Frankfurt 60311 069|WI Wiesbaden 65183 0611|KS Kassel 34117 0561|DA Darmstadt 64283 06151|"
    "OF Offenbach 63065 069|HU Hanau 63450 06181|GI Gießen 35390 0641|MR Marburg 35037 06421|FD Fulda 36037 0661|"
    "WZ Wetzlar 35578 06441|LM Limburg 65549 06431|HEF Hersfeld 36251 06621",
    "SN": "L Leipzig 04109 0341|DD Dresden 01067 0351|CH Chemnitz 09111 0371|Z Zwickau 08056 0375|"
    "PL Plauen 08523 03741|GR Görlitz 02826 03581|FG Freiberg 09599 03731|BZ Bautzen 02625 03591|"
    "PIR Pirna 01796 03501|RIE Riesa 01589 03525|AUE Aue 08280 03771",
    "RP": "MZ Mainz 55116 06131|LU Ludwigshafen 67059 0621|KO Koblenz 56068 0261|TR Trier 54290 0651|"
    "KL Kaiserslautern 67655 0631|WO Worms 67547 06241|NW Neuwied 56564 02631|NWS Neustadt 67433 06321|"
    "LD Landau 76829 06341|PS Pirmasens 66953 06331|KH Kreuznach 55543 0671",
    "BE": "BMI Berlin-Mitte 10178 030|BNK Berlin-Neukölln 12043 030|BFK Berlin-Friedrichshain 10243 030|"
    "BSP Berlin-Spandau 13597 030|BTS Berlin-Tempelhof 12099 030|BCW Berlin-Charlottenburg 10585 030|"
    "BRD Berlin-Reinickendorf 13437 030|BMH Berlin-Marzahn 12679 030|BLI Berlin-Lichtenberg 10365 030|"
    "BTK Berlin-Treptow 12435 030|BSZ Berlin-Steglitz 12163 030",
    "SH": "KI Kiel 24103 0431|HL Lübeck 23552 0451|FL Flensburg 24937 0461|NMS Neumünster 24534 04321|"
    "NOR Norderstedt 22846 040|ELM Elmshorn 25335 04121|ITZ Itzehoe 25524 04821|RD Rendsburg 24768 04331|"
    "HEI Heide 25746 0481|SL Schleswig 24837 04621",
    "BB": "P Potsdam 14467 0331|CB Cottbus 03046 0355|BRB Brandenburg 14770 03381|FF Frankfurt/Oder 15230 0335|"
    "EBW Eberswalde 16225 03334|ORB Oranienburg 16515 03301|NRP Neuruppin 16816 03391|SFB Senftenberg 01968 03573|"
    "LUC Luckenwalde 14943 03371|PRZ Prenzlau 17291 03984",
    "ST": "MD Magdeburg 39104 0391|HAL Halle 06108 0345|DE Dessau 06844 0340|WB Wittenberg 06886 03491|"
    "HBS Halberstadt 38820 03941|SDL Stendal 39576 03931|BBG Bernburg 06406 03471|MSB Merseburg 06217 03461|"
    "NMB Naumburg 06618 03445|SGH Sangerhausen 06526 03464",
    "TH": "EF Erfurt 99084 0361|J Jena 07743 03641|WE Weimar 99423 03643|GTH Gotha 99867 03621|"
    "NDH Nordhausen 99734 03631|EA Eisenach 99817 03691|SHL Suhl 98527 03681|MHL Mühlhausen 99974 03601|"
    "ABG Altenburg 04600 03447|SLF Saalfeld 07318 03671",
    "MV": "HRO Rostock 18055 0381|SN Schwerin 19053 0385|NB Neubrandenburg 17033 0395|HST Stralsund 18439 03831|"
    "HGW Greifswald 17489 03834|WIS Wismar 23966 03841|GUE Güstrow 18273 03843|WRN Waren 17192 03991|"
    "PCH Parchim 19370 03871",
    "HH": "HHM Hamburg-Mitte 20095 040|HHA Hamburg-Altona 22765 040|HHE Hamburg-Eimsbüttel 20259 040|"
    "HHN Hamburg-Nord 22303 040|HHW Hamburg-Wandsbek 22041 040|HHB Hamburg-Bergedorf 21029 040|"
    "HHH Hamburg-Harburg 21073 040",
    "SL": "SB Saarbrücken 66111 0681|NK Neunkirchen 66538 06821|SLS Saarlouis 66740 06831|HOM Homburg 66424 06841|"
    "IGB Ingbert 66386 06894|WND Wendel 66606 06851|MZG Merzig 66663 06861",
    "HB": "HBM Bremen-Mitte 28195 0421|HBN Bremen-Nord 28757 0421|BHV Bremerhaven 27570 0471|"
    "HBS2 Bremen-Süd 28199 0421|HBO Bremen-Ost 28327 0421|HBW Bremen-West 28219 0421",
}  # fmt: skip


@dataclass(frozen=True)
class Town:
    """`rank` counts within the Land from the largest on, from 0."""

    state: str
    rank: int
    code: str
    name: str
    postcode: str
    area_code: str


def towns() -> list[Town]:
    """All towns, the first of each Land first, so that few offices already lie in many Länder."""
    found = [
        Town(state, rank, *entry.split(" "))
        for state, line in _TOWNS.items()
        for rank, entry in enumerate(line.split("|"))
    ]
    return sorted(found, key=lambda town: town.rank)
