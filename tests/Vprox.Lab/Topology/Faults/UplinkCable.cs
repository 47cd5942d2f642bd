namespace Vprox.Lab.Topology.Faults;

/// <summary>A host's cable to the rest of the lab. Faults are made at the far end: the host's own kernel is not touched and notices nothing.</summary>
/// <param name="Near">The link on the host.</param>
/// <param name="FarHost">Who has the other end.</param>
/// <param name="Far">The link there.</param>
internal sealed record UplinkCable(string Near, LabHost FarHost, string Far);
