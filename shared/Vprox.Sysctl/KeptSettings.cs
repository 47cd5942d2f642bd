namespace Vprox.Sysctl;

/// <summary>The settings that a service has kept as they have to be.</summary>
/// <param name="All">Set in this order.</param>
public sealed record KeptSettings(IReadOnlyList<Setting> All);
