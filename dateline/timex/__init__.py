"""Time expressions: finds them (recognise) and gives each its TIMEX3 value and days (normalise)."""
