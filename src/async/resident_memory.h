// Gives memory back to the system that was only needed to start or for a burst: freed heap, and pages of program files that
// have not been written to. Code that is used again is read back from the page cache, at a few microseconds per page.
//
// Half of a small network program's resident size is the start-up code of its libraries; a controller idles most of its life.
#pragma once

namespace canaria::async {

// Call first in main(): one heap, large blocks go back to the system as soon as they are freed.
void prefer_small_memory();

// Call once the caches are filled, and after bursts. Takes about a millisecond.
void release_unused_memory();

}  // namespace canaria::async
