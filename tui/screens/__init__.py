"""The screens of the interface: they show what the study says, and pass on what is decided."""
