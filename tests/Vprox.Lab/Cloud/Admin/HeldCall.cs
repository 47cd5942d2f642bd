using System.Net;

namespace Vprox.Lab.Cloud.Admin;

/// <summary>A call that the cloud holds, or will hold when it comes.</summary>
public sealed class HeldCall(HttpClient http, string id) : IAsyncDisposable
{
    /// <summary>Waits until the call stands at its point: nobody can tell from outside how long that takes, so the caller sets the deadline.</summary>
    public async Task ReachedAsync(CancellationToken cancel = default)
    {
        while (true)
        {
            using var answer = (await http.GetAsync($"/lab/holds/{id}/reached", cancel)).EnsureSuccessStatusCode();
            if (answer.StatusCode == HttpStatusCode.OK)
                return;
        }
    }

    /// <summary>Lets it go on; one that has not come yet will not stop.</summary>
    public async Task ReleaseAsync(CancellationToken cancel = default)
    {
        using var answer = await http.PostAsync($"/lab/holds/{id}/release", null, cancel);
        answer.EnsureSuccessStatusCode();
    }

    public async ValueTask DisposeAsync() => await ReleaseAsync();
}
