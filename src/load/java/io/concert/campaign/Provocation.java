package io.concert.campaign;

/**
 * A fault that one alert is for.
 *
 * @param alert its name in the rules
 * @param how what is done, for the table
 * @param wantsRoot whether it can be done by root only
 * @param begin does it
 * @param end undoes it, as the runbook says
 */
record Provocation(String alert, String how, boolean wantsRoot, Runnable begin, Runnable end) {}
