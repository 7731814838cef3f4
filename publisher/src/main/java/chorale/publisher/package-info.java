package chorale.publisher;
