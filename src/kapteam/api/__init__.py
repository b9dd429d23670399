"""The Python face: what answers give is wrapped so that it can be asked, printed and saved in one breath."""
