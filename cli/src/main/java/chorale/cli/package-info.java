package chorale.cli;
