namespace Vprox.Allocator.Core;

/// <summary>What would become of the addresses of a node that died now; of several nodes, each dying alone, the sum.</summary>
/// <param name="Across">Would leave their subnet, with one AssociateAddress each.</param>
/// <param name="Late">Of those, how many EC2's burst leaves waiting.</param>
/// <param name="WithoutPlace">Would find no place at all.</param>
public readonly record struct DeathRisk(int Across, int Late, int WithoutPlace)
{
    /// <summary>Addresses that would not be back at once.</summary>
    public int AtRisk => Late + WithoutPlace;

    public static DeathRisk operator +(DeathRisk one, DeathRisk other) =>
        new(one.Across + other.Across, one.Late + other.Late, one.WithoutPlace + other.WithoutPlace);
}
