namespace Vprox.Netlink;

/// <summary>A flow of two ends: who began it, before any translation, and how its answers come back. Addresses are numbers in host order.</summary>
/// <param name="Source">The address of whoever began it.</param>
/// <param name="Reply">Its answers.</param>
public readonly record struct Flow(uint Source, ReplyTuple Reply);
