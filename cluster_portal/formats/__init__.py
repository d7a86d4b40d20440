"""How a day is typed, by language: the year always in four figures, and the day before the month in English too, as in
the country that this site is about. The first is how a box shows a day."""
