"""The parts that the screens are made of, none of which knows a study."""
