namespace Vprox.Failover.Adapters;

/// <summary>EC2 did not answer a question; the message has its own words.</summary>
public sealed class Ec2UnavailableException(string message, Exception cause) : Exception(message, cause);
