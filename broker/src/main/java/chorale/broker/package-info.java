package chorale.broker;
