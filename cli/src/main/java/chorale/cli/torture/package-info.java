/** The command that puts a group of aggregators under faults, and what people read of it. */
package chorale.cli.torture;
