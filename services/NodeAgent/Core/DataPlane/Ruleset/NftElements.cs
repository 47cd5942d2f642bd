namespace Vprox.NodeAgent.Core.DataPlane.Ruleset;

/// <summary>Elements of one set or map.</summary>
/// <param name="Key"><see cref="NftObject.Key"/> of the set or map.</param>
/// <param name="Name">Its name.</param>
/// <param name="Elements">In nft's spelling, at least one.</param>
public sealed record NftElements(string Key, string Name, IReadOnlyList<string> Elements);
