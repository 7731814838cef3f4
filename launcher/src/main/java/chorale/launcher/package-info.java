package chorale.launcher;
