/** The whole application driven from outside over HTTP, against a provider that speaks real HTTP and can misbehave. */
@org.jspecify.annotations.NullMarked
package dev.claviger.app.journeys;
