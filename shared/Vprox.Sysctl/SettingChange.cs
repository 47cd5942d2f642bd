namespace Vprox.Sysctl;

/// <summary>A setting that is not as it has to be.</summary>
/// <param name="Setting">Which.</param>
/// <param name="Before">What it is; null when there is no such setting here.</param>
/// <param name="After">What to write; null when there is nothing to write it to.</param>
public sealed record SettingChange(Setting Setting, string? Before, string? After);
