#include "modelexport/tags/old_names.h"

#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "modelexport/files/byte_source.h"
#include "modelexport/onnx/onnx_fields.h"
#include "modelexport/proto/encode.h"
#include "modelexport/tags/keys.h"

namespace modelexport {
namespace {

// A model with one entry of metadata, which has these keys.
bool IsRenamedWith(const std::vector<absl::string_view>& keys) {
  std::string entry, model;
  for (const absl::string_view key : keys) AppendBytesField(string_entry_proto::kKey, key, &entry);
  AppendBytesField(model_proto::kMetadata, entry, &model);
  return IsRenamed(*BytesInMemory(model));
}

TEST(OldNames, TheLastKeyOfAnEntryCounts) {
  EXPECT_TRUE(IsRenamedWith({kRenamedKey}));
  EXPECT_TRUE(IsRenamedWith({"other", kRenamedKey}));
  EXPECT_FALSE(IsRenamedWith({kRenamedKey, "other"}));
  EXPECT_FALSE(IsRenamedWith({}));
}

}  // namespace
}  // namespace modelexport
