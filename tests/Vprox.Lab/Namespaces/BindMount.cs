namespace Vprox.Lab.Namespaces;

/// <summary>A directory that a process sees in another's place, e.g. its own folder as /run/wireguard. Both must exist or are made.</summary>
public sealed record BindMount(string Source, string Target);
