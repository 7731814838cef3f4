/** One class that must lie in Paho's own package; see it for the reason. */
package org.eclipse.paho.mqttv5.client.internal;
