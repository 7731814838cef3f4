package chorale.worker;
