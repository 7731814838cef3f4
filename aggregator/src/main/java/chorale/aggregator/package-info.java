package chorale.aggregator;
