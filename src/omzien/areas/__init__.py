"""Municipality, wijk, buurt; villages as sets of buurten; CBS figures; postcodes."""
