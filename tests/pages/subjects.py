"""Words for the town: what its tickets are called, and names that are as long as they come."""

LONG_NAME = "Anne-Kathrine Wilhelmina Bjerregaard-Christoffersen"
LONG_UNIT = "Center for Børn, Familie og Tværgående Forebyggende Indsatser"
LONG_SUBJECT = (
    "Ved udskrift af dødsattester fra omsorgsjournalen kommer speciallægepraksisplanlægningsstabiliseringsperiodens "
    "navn ud over kanten, og resten af siden mangler helt"
)

COMMON = [
    ("Kan ikke logge på Sensum fra min iPad", "Den siger, at koden er forkert, men jeg har lige skiftet den."),
    ("Ny skærm til kontor 112", "Den gamle flimrer, og jeg får ondt i hovedet."),
    ("Outlook går ned, når jeg åbner kalenderen", "Det sker hver gang. Jeg har prøvet at genstarte."),
    ("Adgang til fællesdrevet for vikar", "Hun begynder på mandag og hedder Liv Thomsen."),
    ("Telefonen ringer ikke igennem til vagten", "Opkaldene ender på svareren."),
    ("Printeren på 2. sal skriver kun sort", "Det begyndte i morges."),
    ("Der mangler borgere på kørelisten", "Tre borgere er væk siden i går aftes."),
    ("Kan ikke åbne bilag fra Digital Post", "Der kommer bare en hvid side."),
]
