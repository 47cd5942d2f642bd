namespace Vprox.Lab.Cloud.Faults;

/// <summary>How long calls of an action take beyond the usual.</summary>
/// <param name="BeforeMs">Between arrival and being done.</param>
/// <param name="AfterMs">Between being done and the answer.</param>
public sealed record Slowness(int BeforeMs = 0, int AfterMs = 0);
