"""The stage: slides for an opening ceremony and for screens in halls, which anybody may open."""
