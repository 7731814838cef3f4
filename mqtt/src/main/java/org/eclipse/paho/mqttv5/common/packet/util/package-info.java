/** One class that stands in for Paho's own of the same name; see it for the reason. */
package org.eclipse.paho.mqttv5.common.packet.util;
