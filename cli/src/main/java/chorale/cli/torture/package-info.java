/** The command that tests a group of aggregators under faults, and its reports. */
package chorale.cli.torture;
