package chorale.variants;
