namespace Vprox.Lab.Topology.Processes;

/// <summary>A program to run on a host.</summary>
/// <param name="Name">Names its log.</param>
/// <param name="Command">Program and arguments.</param>
/// <param name="Environment">Added to the lab's own environment.</param>
public sealed record ProcessSpec(string Name, IReadOnlyList<string> Command, IReadOnlyDictionary<string, string> Environment);
