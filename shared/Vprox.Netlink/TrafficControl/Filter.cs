namespace Vprox.Netlink;

/// <summary>A filter as it was observed.</summary>
/// <param name="Where">Its place and handle.</param>
/// <param name="Kind">The kernel's name of its kind.</param>
/// <param name="Spec">What it does, for the kinds that can be asked for here; null for others, and for what stands for a whole preference.</param>
public sealed record Filter(FilterReference Where, string Kind, FilterSpec? Spec);
