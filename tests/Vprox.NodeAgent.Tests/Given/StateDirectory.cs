namespace Vprox.NodeAgent.Tests.Given;

/// <summary>A folder of the test's own, gone after it.</summary>
internal sealed class StateDirectory : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("vprox-node-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
